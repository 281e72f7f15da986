// A group: 63 blocks of data with their table, on both sides. The disks are asked for a group's tables
// whenever it is used; nothing is kept, so a restart forgets nothing.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "format.h"
#include "side.h"

struct group {
    uint64_t number;
    bool present[SIDES];  // this side takes part
    bool good[SIDES];     // and answered with a table that is sound
    struct table tables[SIDES];
};

// Reads the tables; false when no side has a sound one.
bool group_open(struct group *group, uint64_t number, const bool present[SIDES]);

// Reads `count` blocks from the group's `first` on. What one side has lost, or has older than the other, is
// written there again; with `all` both sides are looked at, wherever that is. Tells how many are lost on
// both, which come as zeroes.
unsigned group_read(struct group *group, unsigned first, unsigned count, bool all, uint8_t *to);

// The steps of a write. A caller does each for all groups of a request, with flushes in between.
void group_prepare(struct group *group, unsigned first, unsigned count, const uint8_t *from);
bool group_write_data(const struct group *group, enum side side, unsigned first, unsigned count,
                      const uint8_t *from);
bool group_write_table(const struct group *group, enum side side);

// Blocks that were written again since the start.
extern uint64_t group_repaired[SIDES];
