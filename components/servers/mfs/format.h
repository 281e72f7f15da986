// The MINIX version 3 format on the disk, little endian, in blocks of 1 KiB.
//
//   block 0 unused | 1 superblock | map of inodes | map of zones | inodes | data zones ...
//
// A zone is one block, numbered as blocks are. Bit n of the map of inodes is inode n; bit n of the map of zones is zone
// first_data_zone + n - 1. Bit 0 of each map is never free.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the disk's structures are read as they are");

#define BLOCK_BYTES      1024u
#define BITS_PER_BLOCK   (8 * BLOCK_BYTES)
#define SUPERBLOCK_BLOCK 1u
#define FIRST_MAP_BLOCK  2u
#define SUPERBLOCK_MAGIC 0x4d5au

struct disk_superblock {
    uint32_t inodes;
    uint16_t unused_0;
    uint16_t inode_map_blocks;
    uint16_t zone_map_blocks;
    uint16_t first_data_zone;
    uint16_t log_zone_blocks;
    uint16_t unused_1;
    uint32_t largest_file;
    uint32_t zones;
    uint16_t magic;
    uint16_t unused_2;
    uint16_t block_bytes;
    uint8_t disk_version;
    uint8_t unused_3;
};
_Static_assert(sizeof(struct disk_superblock) == 32, "as on the disk");

#define DIRECT_ZONES   7u // of an inode; then one for each level of indirection
#define INODE_ZONES    10u
#define ZONES_PER_ZONE (BLOCK_BYTES / (uint32_t)sizeof(uint32_t))

#define MODE_TYPE_MASK 0170000u
#define MODE_FILE      0100000u
#define MODE_DIRECTORY 0040000u
#define MODE_SYMLINK   0120000u

struct inode {
    uint16_t mode;
    uint16_t links;
    uint16_t user;
    uint16_t group;
    uint32_t size;
    uint32_t accessed;
    uint32_t modified;
    uint32_t changed;
    uint32_t zones[INODE_ZONES];
};
_Static_assert(sizeof(struct inode) == 64, "as on the disk");

#define INODES_PER_BLOCK (BLOCK_BYTES / (uint32_t)sizeof(struct inode))
#define ROOT_INODE       1u
#define LINKS_MAX        65530u

#define NAME_BYTES 60u // a name that long has no zero at its end

struct directory_entry {
    uint32_t inode; // 0: the slot is free
    char name[NAME_BYTES];
};
_Static_assert(sizeof(struct directory_entry) == 64, "as on the disk");

#define ENTRIES_PER_BLOCK (BLOCK_BYTES / (uint32_t)sizeof(struct directory_entry))
