// Host test of the mirror, on two disks that lose, damage and misplace blocks, and whose power is cut.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <glue.h>

#include <string.h>

#include "check.h"
#include "format.h"
#include "side.h"

#define BLOCKS     (2 * GROUP_BLOCKS + 5)  // of data: the last group is a short one
#define SECTORS    (GROUPS_START + 3 * GROUP_STRIDE)
#define RECENT_MAX 1024

static struct disk {
    uint8_t sectors[SECTORS][BLOCK_BYTES];
    struct {
        uint64_t sector;
        uint8_t before[BLOCK_BYTES];
    } recent[RECENT_MAX];  // written since the last flush
    unsigned recent_count;
    bool dead;
    unsigned flips, drops, strays;  // of a thousand sectors that are read, or written
} disks[SIDES];

static uint8_t model[BLOCKS][BLOCK_BYTES];
static int sectors_left;  // until the power is cut; -1: never

static uint64_t random_state;

// xorshift64* (Marsaglia 2003, Vigna 2016).
static uint32_t choose(uint32_t below)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * 0x2545f4914f6cdd1dull >> 32) % below);
}

// --- The disks ----------------------------------------------------------------------------------

static bool is_off(const struct disk *disk)
{
    return disk->dead || sectors_left == 0;
}

static enum status tell_geometry(const struct disk *disk, struct block_geometry *geometry)
{
    *geometry = (struct block_geometry){.blocks = SECTORS, .block_bytes = BLOCK_BYTES};
    return is_off(disk) ? BLOCK_ERROR_IO : STATUS_OK;
}

static enum status read_disk(struct disk *disk, uint64_t first, uint32_t count, const struct lend *data,
                             size_t *bytes)
{
    static uint8_t copy[128 * BLOCK_BYTES];

    CHECK(count > 0 && count <= 128 && first + count <= SECTORS);
    if (is_off(disk))
        return BLOCK_ERROR_IO;
    *bytes = count * BLOCK_BYTES;
    memcpy(copy, disk->sectors[first], *bytes);
    for (uint32_t i = 0; i < count; i++)
        if (choose(1000) < disk->flips)
            copy[i * BLOCK_BYTES + choose(BLOCK_BYTES)] ^= (uint8_t)(1 << choose(8));
    return lend_write(data, 0, copy, *bytes);
}

static void write_sector(struct disk *disk, uint64_t sector, const uint8_t *bytes)
{
    if (choose(1000) < disk->drops)
        return;
    if (choose(1000) < disk->strays)
        sector = 1 + choose(SECTORS - 1);
    CHECK(disk->recent_count < RECENT_MAX);
    disk->recent[disk->recent_count].sector = sector;
    memcpy(disk->recent[disk->recent_count++].before, disk->sectors[sector], BLOCK_BYTES);
    memcpy(disk->sectors[sector], bytes, BLOCK_BYTES);
}

static enum status write_disk(struct disk *disk, uint64_t first, const struct lend *data)
{
    static uint8_t copy[128 * BLOCK_BYTES];

    CHECK(data->bytes > 0 && data->bytes <= sizeof copy && first + data->bytes / BLOCK_BYTES <= SECTORS);
    CHECK_EQUAL(lend_read(data, 0, copy, data->bytes), STATUS_OK);
    for (uint64_t i = 0; i < data->bytes / BLOCK_BYTES; i++) {
        if (is_off(disk))
            return BLOCK_ERROR_IO;
        sectors_left -= sectors_left > 0;
        write_sector(disk, first + i, copy + i * BLOCK_BYTES);
    }
    return STATUS_OK;
}

static enum status flush_disk(struct disk *disk)
{
    if (is_off(disk))
        return BLOCK_ERROR_IO;
    disk->recent_count = 0;
    return STATUS_OK;
}

// Of what was not flushed some is on the disk and some is not, in any order.
static void lose_power(void)
{
    for (unsigned side = 0; side < SIDES; side++) {
        struct disk *disk = &disks[side];

        for (; disk->recent_count > 0; disk->recent_count--)
            if (choose(2))
                memcpy(disk->sectors[disk->recent[disk->recent_count - 1].sector],
                       disk->recent[disk->recent_count - 1].before, BLOCK_BYTES);
    }
    sectors_left = -1;
}

#define DISK(name, number)                                                                            \
    enum status peer_##name##_info(const struct call *call, struct block_geometry *geometry)          \
    {                                                                                                 \
        (void)call;                                                                                   \
        return tell_geometry(&disks[number], geometry);                                               \
    }                                                                                                 \
    enum status peer_##name##_read(const struct call *call, uint64_t first, uint32_t count,           \
                                   const struct lend *data, size_t *bytes)                            \
    {                                                                                                 \
        (void)call;                                                                                   \
        return read_disk(&disks[number], first, count, data, bytes);                                  \
    }                                                                                                 \
    enum status peer_##name##_write(const struct call *call, uint64_t first, const struct lend *data) \
    {                                                                                                 \
        (void)call;                                                                                   \
        return write_disk(&disks[number], first, data);                                               \
    }                                                                                                 \
    enum status peer_##name##_flush(const struct call *call)                                          \
    {                                                                                                 \
        (void)call;                                                                                   \
        return flush_disk(&disks[number]);                                                            \
    }

DISK(left, LEFT)
DISK(right, RIGHT)

void on_peer_log_lines(void)
{
}

// --- A mirror that begins, and what a client sees ------------------------------------------------

int component_main(void);

static void start(void)
{
    (void)component_main();
}

// Whether one of the lines since the last time has these words.
static bool logs(const char *words)
{
    struct log_line line = {0};
    bool found = false;

    for (unsigned client = 0; client < INSTANCE_CLIENTS; client++)
        while (peer_log_lines_take(client, &line))
            found |= memmem(line.text, line.bytes, words, strlen(words)) != NULL;
    return found;
}

static void begin(uint64_t seed)
{
    (void)logs("");
    random_state = 2 * seed + 1;
    memset(disks, 0, sizeof disks);
    memset(model, 0, sizeof model);
    sectors_left = -1;
    for (unsigned side = 0; side < SIDES; side++) {
        struct header *header = (struct header *)disks[side].sectors[0];

        *header = (struct header){.magic = HEADER_MAGIC,
                                  .format = FORMAT,
                                  .side = side,
                                  .pair = "the same on both",
                                  .blocks = BLOCKS};
        header->sum = check_header(header);
    }
    CHECK_EQUAL(host_run(start), HOST_IDLE);
}

static enum status read_block(uint64_t number, uint8_t *to)
{
    size_t bytes = 0;

    return client_block_read(number, 1, to, BLOCK_BYTES, &bytes);
}

static bool holds(uint64_t number, const uint8_t *expected)
{
    uint8_t found[BLOCK_BYTES];

    return read_block(number, found) == STATUS_OK && memcmp(found, expected, BLOCK_BYTES) == 0;
}

static bool holds_model(void)
{
    for (uint64_t i = 0; i < BLOCKS; i++)
        if (!holds(i, model[i]))
            return false;
    return true;
}

static enum status write_random(uint64_t *first, uint32_t *count, uint8_t *to)
{
    *first = choose(BLOCKS);
    *count = 1 + choose(choose(4) ? 4 : BLOCKS - (uint32_t)*first);
    if (*count > BLOCKS - *first)
        *count = BLOCKS - (uint32_t)*first;
    if (*count > 128)
        *count = 128;
    for (uint32_t i = 0; i < *count * BLOCK_BYTES; i++)
        to[i] = (uint8_t)choose(256);
    return client_block_write(*first, to, *count * BLOCK_BYTES);
}

static void write_some(unsigned times)
{
    static uint8_t bytes[128 * BLOCK_BYTES];
    uint64_t first;
    uint32_t count;

    for (unsigned i = 0; i < times; i++)
        if (write_random(&first, &count, bytes) == STATUS_OK)
            memcpy(model[first], bytes, count * BLOCK_BYTES);
}

static uint8_t *sector_of(enum side side, uint64_t block)
{
    return disks[side].sectors[GROUPS_START + block / GROUP_BLOCKS * GROUP_STRIDE + 1 + block % GROUP_BLOCKS];
}

static struct table *table_of(enum side side, uint64_t block)
{
    return (struct table *)disks[side].sectors[GROUPS_START + block / GROUP_BLOCKS * GROUP_STRIDE];
}

static void scrub_once(void)
{
    for (unsigned i = 0; i < 3; i++)
        host_bits(BIT_TIMER_SCRUB);
}

// What was never written may be anything.
static bool sides_are_equal(void)
{
    for (uint64_t i = 0; i < BLOCKS; i++) {
        if (memcmp(table_of(LEFT, i), table_of(RIGHT, i), BLOCK_BYTES) != 0)
            return false;
        if (table_of(LEFT, i)->entries[i % GROUP_BLOCKS].version != 0 &&
            memcmp(sector_of(LEFT, i), sector_of(RIGHT, i), BLOCK_BYTES) != 0)
            return false;
    }
    return true;
}

// --- Without faults -----------------------------------------------------------------------------

TEST(what_was_never_written_reads_as_zeroes)
{
    begin(1);
    memset(sector_of(LEFT, 7), 0xaa, BLOCK_BYTES);  // of the disk's former life
    CHECK(holds_model());
}

TEST(what_was_written_is_read_and_both_sides_hold_it)
{
    begin(2);
    write_some(200);
    CHECK(holds_model());
    CHECK(sides_are_equal());
    CHECK_EQUAL(host_run(start), HOST_IDLE);
    CHECK(holds_model());
}

TEST(requests_beyond_the_end_are_refused)
{
    static uint8_t bytes[128 * BLOCK_BYTES];
    struct block_geometry geometry;
    size_t got;

    begin(3);
    CHECK_EQUAL(client_block_info(&geometry), STATUS_OK);
    CHECK_EQUAL(geometry.blocks, BLOCKS);
    CHECK_EQUAL(client_block_read(BLOCKS, 1, bytes, sizeof bytes, &got), BLOCK_ERROR_RANGE);
    CHECK_EQUAL(client_block_read(BLOCKS - 1, 2, bytes, sizeof bytes, &got), BLOCK_ERROR_RANGE);
    CHECK_EQUAL(client_block_read(UINT64_MAX, 2, bytes, sizeof bytes, &got), BLOCK_ERROR_RANGE);
    CHECK_EQUAL(client_block_read(0, 0, bytes, sizeof bytes, &got), BLOCK_ERROR_RANGE);
    CHECK_EQUAL(client_block_read(0, UINT32_MAX, bytes, sizeof bytes, &got), BLOCK_ERROR_RANGE);
    CHECK_EQUAL(client_block_write(BLOCKS - 1, bytes, 2 * BLOCK_BYTES), BLOCK_ERROR_RANGE);
    CHECK_EQUAL(client_block_write(0, bytes, 100), BLOCK_ERROR_RANGE);
}

// --- One side fails -----------------------------------------------------------------------------

TEST(a_damaged_block_is_read_from_the_other_side_and_repaired)
{
    for (unsigned side = 0; side < SIDES; side++) {
        begin(4);
        write_some(100);
        for (uint64_t i = 0; i < BLOCKS; i += 3)
            sector_of(side, i)[i % BLOCK_BYTES] ^= 1;
        CHECK(holds_model());
        scrub_once();
        CHECK(holds_model());
        CHECK(sides_are_equal());
    }
}

TEST(a_damaged_table_is_repaired)
{
    for (unsigned side = 0; side < SIDES; side++) {
        begin(5);
        write_some(100);
        memset(table_of(side, 64), 0x5a, BLOCK_BYTES);
        CHECK(holds_model());
        scrub_once();
        CHECK(sides_are_equal());
        CHECK(holds_model());
    }
}

TEST(a_side_that_missed_writes_gets_them_later)
{
    for (unsigned side = 0; side < SIDES; side++) {
        begin(6);
        write_some(50);
        disks[side].dead = true;
        write_some(50);
        CHECK(holds_model());
        disks[side].dead = false;
        CHECK(holds_model());  // not what the side holds of before
        scrub_once();
        CHECK(sides_are_equal());
    }
}

TEST(a_side_without_header_takes_no_part)
{
    for (unsigned side = 0; side < SIDES; side++) {
        static struct disk before;

        begin(7);
        write_some(50);
        disks[side].sectors[0][100] ^= 1;
        before = disks[side];
        CHECK_EQUAL(host_run(start), HOST_IDLE);
        CHECK(holds_model());
        write_some(50);
        scrub_once();
        CHECK(holds_model());
        CHECK(memcmp(&before.sectors, &disks[side].sectors, sizeof before.sectors) == 0);
    }
}

TEST(a_side_that_was_not_there_at_the_start_joins_later)
{
    for (unsigned side = 0; side < SIDES; side++) {
        begin(12);
        disks[side].dead = true;
        CHECK_EQUAL(host_run(start), HOST_IDLE);
        write_some(50);
        disks[side].dead = false;
        scrub_once();  // at whose end it joins
        scrub_once();
        CHECK(sides_are_equal());
        CHECK(holds_model());
    }
}

TEST(disks_that_are_no_pair_are_refused)
{
    begin(8);
    struct header *header = (struct header *)disks[RIGHT].sectors[0];

    header->pair[3] ^= 1;
    header->sum = check_header(header);
    CHECK_EQUAL(host_run(start), 78);
    begin(8);
    memcpy(disks[RIGHT].sectors[0], disks[LEFT].sectors[0], BLOCK_BYTES);  // two left sides
    CHECK_EQUAL(host_run(start), HOST_IDLE);
    CHECK(logs("right disk: block 0 is no header of this side"));
}

TEST(a_disk_of_another_pair_that_comes_later_takes_no_part)
{
    for (unsigned side = 0; side < SIDES; side++) {
        static struct disk before;
        struct header *header = (struct header *)disks[side].sectors[0];

        begin(13);
        disks[side].dead = true;
        CHECK_EQUAL(host_run(start), HOST_IDLE);
        write_some(50);
        disks[side].dead = false;
        header->pair[3] ^= 1;
        header->sum = check_header(header);
        before = disks[side];
        scrub_once();
        CHECK(logs("is of another pair"));
        CHECK(holds_model());
        write_some(50);
        scrub_once();
        CHECK(!logs("is of another pair"));  // once is enough
        CHECK(holds_model());
        CHECK(memcmp(&before.sectors, &disks[side].sectors, sizeof before.sectors) == 0);
    }
}

TEST(a_header_that_tells_of_more_than_the_disk_has_is_refused)
{
    static const uint64_t sizes[] = {3 * GROUP_BLOCKS + 1, UINT64_MAX, 1ull << 58};

    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        begin(9);
        for (unsigned side = 0; side < SIDES; side++) {
            struct header *header = (struct header *)disks[side].sectors[0];

            header->blocks = sizes[i];
            header->sum = check_header(header);
        }
        CHECK_EQUAL(host_run(start), 134);
    }
}

// --- Both sides fail ----------------------------------------------------------------------------

TEST(a_block_that_is_lost_on_both_sides_is_an_error_and_others_are_not)
{
    uint8_t bytes[BLOCK_BYTES] = "again";

    begin(10);
    write_some(300);
    sector_of(LEFT, 70)[9] ^= 4;
    sector_of(RIGHT, 70)[8] ^= 4;
    for (uint64_t i = 0; i < BLOCKS; i++)
        CHECK(i == 70 || holds(i, model[i]));
    CHECK_EQUAL(read_block(70, bytes), BLOCK_ERROR_IO);
    CHECK_EQUAL(client_block_write(70, bytes, sizeof bytes), STATUS_OK);
    CHECK(holds(70, bytes));
}

TEST(dead_disks_are_an_error)
{
    uint8_t bytes[BLOCK_BYTES] = {0};

    begin(11);
    disks[LEFT].dead = disks[RIGHT].dead = true;
    CHECK_EQUAL(read_block(0, bytes), BLOCK_ERROR_IO);
    CHECK_EQUAL(client_block_write(0, bytes, sizeof bytes), BLOCK_ERROR_IO);
    CHECK_EQUAL(client_block_flush(), BLOCK_ERROR_IO);
    CHECK_EQUAL(host_run(start), 134);
}

// --- By chance ----------------------------------------------------------------------------------

// One disk lies all the time; the other is good. The client sees nothing of it.
TEST(one_side_may_flip_drop_and_misplace_as_it_likes)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        begin(seed);
        disks[seed % 2].flips = 30;
        disks[seed % 2].drops = 30;
        disks[seed % 2].strays = 30;
        for (unsigned i = 0; i < 10; i++) {
            write_some(10);
            scrub_once();
            CHECK(holds_model());
        }
        disks[seed % 2].flips = disks[seed % 2].drops = disks[seed % 2].strays = 0;
        scrub_once();
        CHECK(sides_are_equal());
        CHECK(holds_model());
    }
}

// Each block is as it was before the write that was cut off, or as that write made it.
TEST(a_cut_of_the_power_anywhere_leaves_each_block_old_or_new)
{
    static uint8_t bytes[128 * BLOCK_BYTES];

    for (uint64_t seed = 1; seed <= 600; seed++) {
        uint64_t first;
        uint32_t count;

        begin(seed);
        write_some(20);
        CHECK_EQUAL(client_block_flush(), STATUS_OK);
        sectors_left = (int)(seed % 40);
        enum status status = write_random(&first, &count, bytes);

        lose_power();
        CHECK_EQUAL(host_run(start), HOST_IDLE);
        for (uint32_t i = 0; i < count; i++) {
            bool is_new = holds(first + i, bytes + i * BLOCK_BYTES);

            CHECK(is_new || (status != STATUS_OK && holds(first + i, model[first + i])));
            if (is_new)
                memcpy(model[first + i], bytes + i * BLOCK_BYTES, BLOCK_BYTES);
        }
        CHECK(holds_model());
        scrub_once();
        CHECK(sides_are_equal());
        CHECK(holds_model());
    }
}
