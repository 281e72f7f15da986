// What a probe found out, in the persistent region `probe` of its instance (see tests/system/authority.py).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

#define SLOTS      224  // a larger table does not compile
#define OPERATIONS 32   // SYS_COUNT
#define REASONS    16
#define NAME_BYTES 32  // of an instance's name, cut off

// Addresses are tried one after another, each by a read, a write and a jump: first the pages of the lowest 16
// MiB, where the builder lays out components, then both sides of each larger power of two, and of those
// counted from the end.
#define LOW_PAGES 4096
#define LOW_BITS  25
#define PLACES    (LOW_PAGES + 3 * (64 - LOW_BITS))
#define TRIES     (3 * PLACES)

enum stage { STAGE_SLOTS = 0, STAGE_ADDRESSES = 1, STAGE_CHILDREN = 2, STAGE_CALLS = 3, STAGE_SERVES = 4 };

#define MAGIC 0x65626f7270206e61ull  // "an probe" as the memory has it

struct record {
    uint64_t magic;  // once the rest makes sense
    char name[NAME_BYTES];
    uint32_t stage;
    uint32_t tries;                   // addresses tried, with the one that ended the last life
    uint32_t tokens;                  // guessed tokens that were good for something
    uint32_t badge[SLOTS];            // as whom a call through this slot arrived
    uint32_t faults[SLOTS][REASONS];  // of the child in this slot, by enum fault_reason, in the lowest 16 MiB
    uint8_t status[SLOTS][OPERATIONS];  // enum status + 1; 0: not tried
    char reached[SLOTS][NAME_BYTES];    // who answered
    uint8_t worked[(TRIES + 7) / 8];    // reads and writes that came back
};
