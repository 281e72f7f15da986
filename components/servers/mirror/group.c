// A group: 63 blocks of data with their table, on both sides.
// SPDX-License-Identifier: BSD-2-Clause
#include "group.h"

#include "check.h"
#include "crc32c.h"

#include <string.h>

uint64_t group_repaired[SIDES];

static uint8_t second_copy[GROUP_BLOCKS * BLOCK_BYTES];

static uint64_t table_place(const struct group *group)
{
    return GROUPS_START + group->number * GROUP_STRIDE;
}

static uint64_t data_place(const struct group *group, unsigned index)
{
    return table_place(group) + 1 + index;
}

bool group_open(struct group *group, uint64_t number, const bool present[SIDES])
{
    group->number = number;
    for (unsigned side = 0; side < SIDES; side++) {
        group->present[side] = present[side];
        group->good[side] = present[side] && side_read(side, table_place(group), 1, &group->tables[side]) &&
                            check_table_is_good(number, &group->tables[side]);
    }
    return group->good[LEFT] || group->good[RIGHT];
}

// --- Versions -----------------------------------------------------------------------------------

static bool is_newer(uint32_t version, uint32_t than)
{
    return (int32_t)(version - than) > 0;
}

static uint32_t newest(const struct group *group, unsigned index)
{
    uint32_t left = group->tables[LEFT].entries[index].version,
             right = group->tables[RIGHT].entries[index].version;

    if (group->good[LEFT] && group->good[RIGHT])
        return is_newer(left, right) ? left : right;
    return group->good[LEFT] ? left : right;
}

static uint32_t next(uint32_t version)
{
    return version + 1 ? version + 1 : 1;  // 0: never written
}

// --- Reading ------------------------------------------------------------------------------------

// Whether this side's table has the newest version of a block, and `block` is what the table tells.
static bool is_sound(const struct group *group, enum side side, unsigned index, const uint8_t *block)
{
    const struct entry *entry = &group->tables[side].entries[index];

    if (!group->good[side] || entry->version != newest(group, index))
        return false;
    return entry->version == 0 || entry->sum == crc32c(block, BLOCK_BYTES);
}

static bool all_sound(const struct group *group, enum side side, unsigned first, unsigned count,
                      const uint8_t *blocks)
{
    for (unsigned i = 0; i < count; i++)
        if (!is_sound(group, side, first + i, blocks + i * BLOCK_BYTES))
            return false;
    return true;
}

// The blocks of one side; none of them is of use when it cannot read.
static bool read_data(const struct group *group, enum side side, unsigned first, unsigned count, uint8_t *to)
{
    return group->good[side] && side_read(side, data_place(group, first), count, to);
}

static bool repair_block(struct group *group, enum side side, unsigned index, const uint8_t *block)
{
    group->tables[side].entries[index] = group->tables[!side].entries[index];
    return group->tables[side].entries[index].version == 0 ||
           side_write(side, data_place(group, index), 1, block);
}

// Writes to `side` what the other has: the blocks that `side` does not have so, and its table.
static void repair(struct group *group, enum side side, unsigned first, unsigned count,
                   const uint8_t *right_ones, const bool *broken)
{
    unsigned repaired = 0;

    if (!group->good[side])
        group->tables[side] = group->tables[!side];
    for (unsigned i = 0; i < count; i++)
        if (broken[i] && repair_block(group, side, first + i, right_ones + i * BLOCK_BYTES))
            repaired++;
    group->tables[side].sum = check_table(group->number, &group->tables[side]);
    if (group_write_table(group, side))
        group_repaired[side] += repaired;
}

// Of both sides' blocks the sound ones, in `to`, which holds those of `side` so far.
static unsigned merge(struct group *group, enum side side, unsigned first, unsigned count, uint8_t *to,
                      const bool read[SIDES])
{
    bool broken[SIDES][GROUP_BLOCKS] = {0}, any[SIDES] = {false, false};
    unsigned lost = 0;

    for (unsigned i = 0; i < count; i++) {
        uint8_t *here = to + i * BLOCK_BYTES, *there = second_copy + i * BLOCK_BYTES;
        bool sound = read[side] && is_sound(group, side, first + i, here);
        bool other = read[!side] && is_sound(group, !side, first + i, there);

        if (!sound && other)
            memcpy(here, there, BLOCK_BYTES);
        if (!sound && !other) {
            memset(here, 0, BLOCK_BYTES);
            lost++;
            continue;
        }
        broken[side][i] = !sound;
        broken[!side][i] = !other;
        any[side] |= !sound;
        any[!side] |= !other;
    }
    for (unsigned i = 0; i < SIDES; i++)
        if (any[i] && group->present[i])
            repair(group, i, first, count, to, broken[i]);
    return lost;
}

static void clear_unwritten(const struct group *group, unsigned first, unsigned count, uint8_t *to)
{
    for (unsigned i = 0; i < count; i++)
        if (newest(group, first + i) == 0)
            memset(to + i * BLOCK_BYTES, 0, BLOCK_BYTES);
}

unsigned group_read(struct group *group, unsigned first, unsigned count, bool all, uint8_t *to)
{
    enum side side = group->good[LEFT] ? LEFT : RIGHT;
    bool read[SIDES] = {false, false};
    unsigned lost = 0;

    read[side] = read_data(group, side, first, count, to);
    if (all || !read[side] || !all_sound(group, side, first, count, to)) {
        read[!side] = read_data(group, !side, first, count, second_copy);
        lost = merge(group, side, first, count, to, read);
    }
    clear_unwritten(group, first, count, to);
    return lost;
}

// --- Writing ------------------------------------------------------------------------------------

void group_prepare(struct group *group, unsigned first, unsigned count, const uint8_t *from)
{
    for (unsigned i = 0; i < count; i++) {
        uint32_t version = next(newest(group, first + i)), sum = crc32c(from + i * BLOCK_BYTES, BLOCK_BYTES);

        for (unsigned side = 0; side < SIDES; side++)
            group->tables[side].entries[first + i] = (struct entry){sum, version};
    }
    for (unsigned side = 0; side < SIDES; side++) {
        if (!group->good[side])
            group->tables[side] = group->tables[!side];
        group->tables[side].sum = check_table(group->number, &group->tables[side]);
    }
}

bool group_write_data(const struct group *group, enum side side, unsigned first, unsigned count,
                      const uint8_t *from)
{
    return side_write(side, data_place(group, first), count, from);
}

bool group_write_table(const struct group *group, enum side side)
{
    return side_write(side, table_place(group), 1, &group->tables[side]);
}
