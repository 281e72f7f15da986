// Where things are on the disk. Its values are checked against each other and against the disk's size, so that they can be
// used without a further check.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "block_access.h"

struct geometry {
    uint32_t inodes;
    uint32_t zones;            // blocks of the disk that belong to the file system
    uint32_t first_data_zone;
    uint32_t zone_map;         // first block of each part
    uint32_t inode_table;
    uint32_t largest_file;     // in bytes
};

extern struct geometry geometry; // fixed from a good start on

// Reads it. False: the disk holds something else, or more than this mfs is configured for (logged).
MUST_CHECK bool superblock_read(uint64_t disk_blocks);

static inline bool is_data_zone(uint32_t zone)
{
    return zone >= geometry.first_data_zone && zone < geometry.zones;
}

static inline bool is_inode_number(uint32_t number)
{
    return number >= ROOT_INODE && number <= geometry.inodes;
}
