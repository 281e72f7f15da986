// Which inodes and zones are in use.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "superblock.h"

enum map {
    MAP_INODES,
    MAP_ZONES,
};

// An inode or zone that nobody has, marked as in use. FILE_SYSTEM_ERROR_NO_SPACE: there is none.
MUST_CHECK enum status bitmap_allocate(enum map map, uint32_t *number);

// The number is an inode's or a data zone's.
MUST_CHECK enum status bitmap_free(enum map map, uint32_t number);
MUST_CHECK enum status bitmap_is_set(enum map map, uint32_t number, bool *set);
