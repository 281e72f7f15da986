// One block device out of two that each hold everything.
//
// A block that one side has lost, damaged, put elsewhere or never written, though it said so, is read from
// the other and written again. A write changes the left side first, all of it, and then the right: each its
// data, and when that is safe its tables. So wherever power is cut, one side is whole, and has the block as
// it was before or as it is now.
// SPDX-License-Identifier: BSD-2-Clause

#include "group.h"

#include <glue.h>

#include <inttypes.h>
#include <string.h>

#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#define REQUEST_BLOCKS (65536 / BLOCK_BYTES)
#define REQUEST_GROUPS (REQUEST_BLOCKS / GROUP_BLOCKS + 2)
#define TRIES          3  // of opening a disk, each time

// What one request wants of one group.
struct part {
    struct group group;
    unsigned first, count;
    uint8_t *data;
};

static bool present[SIDES];
static bool strange[SIDES];  // the log knows that it is of another pair
static uint8_t pair[16];
static uint64_t blocks, groups;
static uint64_t scrub_next, scrub_lost;
static uint64_t told[SIDES];  // repairs that the log knows of

static uint8_t buffer[REQUEST_BLOCKS * BLOCK_BYTES], scrub_buffer[GROUP_BLOCKS * BLOCK_BYTES];
static struct part parts[REQUEST_GROUPS];

static void tell_of_repairs(void)
{
    if (group_repaired[LEFT] != told[LEFT] || group_repaired[RIGHT] != told[RIGHT])
        log_warning("repaired since the start: %" PRIu64 " blocks left, %" PRIu64 " right",
                    group_repaired[LEFT], group_repaired[RIGHT]);
    memcpy(told, group_repaired, sizeof told);
}

// --- Requests -----------------------------------------------------------------------------------

static bool is_in_range(uint64_t first, uint64_t count)
{
    return count > 0 && count <= REQUEST_BLOCKS && first <= blocks && count <= blocks - first;
}

// The groups that a request is about, with their tables; 0 when one of them has none on either side.
static unsigned open_parts(uint64_t first, uint64_t count)
{
    uint8_t *data = buffer;
    unsigned used = 0;

    while (count > 0) {
        struct part *part = &parts[used++];

        part->first = first % GROUP_BLOCKS;
        part->count = count < GROUP_BLOCKS - part->first ? count : GROUP_BLOCKS - part->first;
        part->data = data;
        if (!group_open(&part->group, first / GROUP_BLOCKS, present))
            return 0;
        first += part->count;
        count -= part->count;
        data += (size_t)part->count * BLOCK_BYTES;
    }
    return used;
}

enum status block_info(const struct call *call, struct block_geometry *geometry)
{
    (void)call;
    *geometry = (struct block_geometry){.blocks = blocks, .block_bytes = BLOCK_BYTES};
    return STATUS_OK;
}

enum status block_read(const struct call *call, uint64_t first, uint32_t count, const struct lend *to,
                       size_t *data_bytes)
{
    unsigned lost = 0;

    (void)call;
    if (!is_in_range(first, count) || to->bytes < (size_t)count * BLOCK_BYTES)
        return BLOCK_ERROR_RANGE;
    unsigned used = open_parts(first, count);

    if (used == 0)
        return BLOCK_ERROR_IO;
    for (unsigned i = 0; i < used; i++)
        lost += group_read(&parts[i].group, parts[i].first, parts[i].count, false, parts[i].data);
    tell_of_repairs();
    if (lost > 0) {
        log_error("%u of %" PRIu32 " blocks from %" PRIu64 " on are lost on both sides", lost, count, first);
        return BLOCK_ERROR_IO;
    }
    *data_bytes = (size_t)count * BLOCK_BYTES;
    return lend_write(to, 0, buffer, *data_bytes);
}

// All of a request on one side. The tables tell of data that is safe by then.
static bool write_side(enum side side, unsigned used)
{
    for (unsigned i = 0; i < used; i++)
        if (!group_write_data(&parts[i].group, side, parts[i].first, parts[i].count, parts[i].data))
            return false;
    if (!side_flush(side))
        return false;
    for (unsigned i = 0; i < used; i++)
        if (!group_write_table(&parts[i].group, side))
            return false;
    return true;
}

enum status block_write(const struct call *call, uint64_t first, const struct lend *from)
{
    (void)call;
    if (from->bytes % BLOCK_BYTES != 0 || !is_in_range(first, from->bytes / BLOCK_BYTES))
        return BLOCK_ERROR_RANGE;
    enum status status = lend_read(from, 0, buffer, from->bytes);

    if (status != STATUS_OK)
        return status;
    unsigned used = open_parts(first, from->bytes / BLOCK_BYTES);

    if (used == 0)
        return BLOCK_ERROR_IO;
    for (unsigned i = 0; i < used; i++)
        group_prepare(&parts[i].group, parts[i].first, parts[i].count, parts[i].data);
    bool left = present[LEFT] && write_side(LEFT, used) && side_flush(LEFT);
    bool right = present[RIGHT] && write_side(RIGHT, used);

    return left || right ? STATUS_OK : BLOCK_ERROR_IO;
}

enum status block_flush(const struct call *call)
{
    (void)call;
    bool left = present[LEFT] && side_flush(LEFT), right = present[RIGHT] && side_flush(RIGHT);

    return left || right ? STATUS_OK : BLOCK_ERROR_IO;
}

// --- Opening --------------------------------------------------------------------------------------

// A disk of another pair is the user's mistake at the start, when nobody knows which is meant; later the one that serves goes on alone.
static bool joins(enum side side)
{
    uint8_t its_pair[sizeof pair];
    uint64_t its_blocks;

    if (!side_open(side, its_pair, &its_blocks))
        return false;
    if (blocks == 0) {
        memcpy(pair, its_pair, sizeof pair);
        blocks = its_blocks;
    }
    if (memcmp(pair, its_pair, sizeof pair) == 0 && blocks == its_blocks)
        return true;
    if (groups == 0)
        refuse("the two disks are not a pair");
    if (!strange[side])
        log_error("the %s disk is of another pair: it is left alone", side == LEFT ? "left" : "right");
    strange[side] = true;
    return false;
}

// Those that are not there yet; a disk may fail once.
static void open_sides(void)
{
    for (unsigned i = 0; i < TRIES; i++)
        for (unsigned side = 0; side < SIDES; side++)
            present[side] = present[side] || joins(side);
}

// --- Comparing in the background ----------------------------------------------------------------

static void scrub_again(void)
{
    if (CONFIG_SCRUB != 0 && groups != 0)
        timer_start(SLOT_TIMER_SCRUB, CONFIG_SCRUB);
}

static unsigned blocks_of(uint64_t group)
{
    uint64_t left = blocks - group * GROUP_BLOCKS;

    return left < GROUP_BLOCKS ? (unsigned)left : GROUP_BLOCKS;
}

void on_timer_scrub(void)
{
    static struct group group;
    unsigned count = blocks_of(scrub_next);

    scrub_lost +=
        group_open(&group, scrub_next, present) ? group_read(&group, 0, count, true, scrub_buffer) : count;
    tell_of_repairs();
    if (++scrub_next == groups) {
        if (scrub_lost > 0)
            log_error("%" PRIu64 " blocks are lost on both sides", scrub_lost);
        scrub_next = scrub_lost = 0;
        open_sides();
    }
    scrub_again();
}

// --- Start --------------------------------------------------------------------------------

int main(void)
{
    present[LEFT] = present[RIGHT] = strange[LEFT] = strange[RIGHT] = false;
    blocks = groups = 0;
    open_sides();
    if (!present[LEFT] && !present[RIGHT])
        panic("neither disk can be used");
    groups = blocks / GROUP_BLOCKS + (blocks % GROUP_BLOCKS != 0);
    log_info("%" PRIu64 " blocks of %u bytes on %s", blocks, BLOCK_BYTES,
             present[LEFT] && present[RIGHT] ? "two disks"
             : present[LEFT]                 ? "the left disk alone"
                                             : "the right disk alone");
    scrub_again();
    event_loop_run();
}
