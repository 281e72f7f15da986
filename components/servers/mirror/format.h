// What lies on each of the two disks, in little endian. tools/mirrordisk.py makes and reads it, too.
//
// Block 0 is the header. After it come groups of 64 blocks: a table, then the 63 blocks it is about. An entry
// tells the checksum of a block and how often it was written; a block whose entry is all zero was never
// written and reads as zeroes.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

#define BLOCK_BYTES  512u
#define GROUP_BLOCKS 63u  // of data
#define GROUP_STRIDE 64u
#define GROUPS_START 1u
#define HEADER_MAGIC 0x726f7272696d6e74ull  // "tnmirror"
#define FORMAT       1u

struct header {
    uint64_t magic;
    uint32_t format;
    uint32_t side;     // 0 left, 1 right
    uint8_t pair[16];  // the same on both, and on no other
    uint64_t blocks;   // of data
    uint8_t unused[BLOCK_BYTES - 44];
    uint32_t sum;  // CRC-32C of all before it
};

struct entry {
    uint32_t sum;      // CRC-32C of the block
    uint32_t version;  // counts its writes; of two, the greater is newer, modulo 2^32
};

struct table {
    struct entry entries[GROUP_BLOCKS];
    uint32_t unused;
    uint32_t sum;  // CRC-32C of the group's number (u64) and all before it; 0 in a table that is all zero
};

_Static_assert(sizeof(struct header) == BLOCK_BYTES && sizeof(struct table) == BLOCK_BYTES, "one block each");
