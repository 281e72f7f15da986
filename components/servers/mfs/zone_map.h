// From a position in a file to its zone: seven zones named in the inode, then trees of one, two and three levels.
//
// An inode's own copy is the caller's: functions that change it say so, and the caller writes it.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "superblock.h"

// The zone of a file's block; 0: it has none, and reads as zeroes.
MUST_CHECK enum status zone_map_find(const struct inode *inode, uint32_t index, uint32_t *zone);

// Afterwards zone_map_set can be called for this block: indirect zones on the way to it exist, empty ones if need be. May
// change the inode, and then writes it too. Waits for the disk when it makes one.
MUST_CHECK enum status zone_map_prepare(uint32_t number, struct inode *inode, uint32_t index);

// May change the inode. The block has been prepared.
MUST_CHECK enum status zone_map_set(struct inode *inode, uint32_t index, uint32_t zone);

// Frees the zones of blocks from this one on, in the inode too. The size that is on the disk does not reach them any more.
MUST_CHECK enum status zone_map_cut(struct inode *inode, uint32_t first);

// --- All zones of an inode, each indirect one before those below it ---

#define ZONE_LEVELS 3u

struct zone_pointer {
    uint32_t zone;   // not checked; 0: there are no more
    uint32_t first;  // the first block of the file that it leads to
    unsigned level;  // 0: that block itself; above: an indirect zone
    uint32_t holder; // the zone that it stands in; 0: the inode
    unsigned index;  // there
    uint32_t holder_first; // the first block of the file that the holder leads to
};

struct zone_walk {
    struct inode inode;
    unsigned root;
    unsigned depth;
    bool below; // the pointer told last is to be followed
    struct zone_pointer last;
    struct {
        uint32_t zone;
        uint32_t first;
        unsigned level; // of the pointers in it
        unsigned next;
    } above[ZONE_LEVELS];
};

void zone_walk_start(struct zone_walk *walk, const struct inode *inode);

// Follows the pointer that it told before, which must be a data zone then; zone_walk_skip goes past what is below it.
MUST_CHECK enum status zone_walk_next(struct zone_walk *walk, struct zone_pointer *pointer);

static inline void zone_walk_skip(struct zone_walk *walk)
{
    walk->below = false;
}

// Takes the pointer out of the inode or the indirect zone that it stands in.
MUST_CHECK enum status zone_pointer_clear(struct inode *inode, const struct zone_pointer *pointer);
