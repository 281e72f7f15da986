// The format on the disk: what README.md describes, as C. Each record is one block, so it is there whole or not at all.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define RECORD_BLOCK_BYTES 512u
#define RECORD_TEXT_BYTES  256u
#define RECORD_MAGIC       0x43455254u          // "TREC"
#define SUPER_MAGIC        0x474f4c4e4f4e4554ull // "TENONLOG"
#define SUPER_VERSION      1u

// Block 0. Little endian, like everything here.
struct super_block {
    uint64_t magic;
    uint32_t version;
    uint32_t checksum;     // CRC-32C of what follows it
    uint64_t capacity;     // record blocks after this one
    uint8_t zero[RECORD_BLOCK_BYTES - 24];
};
_Static_assert(sizeof(struct super_block) == RECORD_BLOCK_BYTES, "one block");

// Record `sequence` is in block 1 + sequence % capacity.
struct record_block {
    uint32_t magic;
    uint32_t checksum;     // CRC-32C of what follows it
    uint64_t sequence;     // counts from 0
    uint64_t id;           // the client's own count, from 1
    uint64_t seconds;      // the client's time of day
    uint32_t client;       // CRC-32C of its name in the description, "instance.use"
    uint32_t bytes;        // of text
    char text[RECORD_TEXT_BYTES];
    uint8_t zero[RECORD_BLOCK_BYTES - 40 - RECORD_TEXT_BYTES];
};
_Static_assert(sizeof(struct record_block) == RECORD_BLOCK_BYTES, "one block");

// Sets magic and checksum; the rest is filled in.
void super_seal(struct super_block *super);
void record_seal(struct record_block *record);

bool super_is_good(const struct super_block *super);

// Whether this is a record as record_seal left it.
bool record_is_good(const struct record_block *record);

// Never written since the disk was new.
bool block_is_blank(const void *block);
