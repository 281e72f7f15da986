// What racers ask targets for, by the label of the call; the pattern that tells whose bytes are whose.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>
#include <string.h>

#include <config.h>
#include <glue.h>
#include <tenon/syscall.h>

#define LENT_BYTES 9000 // over three pages
#define MICROSECOND 1000ull
#define MILLISECOND 1000000ull

enum race {
    RACE_MIX = 1, // (ten words): the same, mixed
    RACE_FILL,    // (seed), lend: filled with the seed's pattern
    RACE_SUM,     // lend: its sum
    RACE_PASS,    // (seed), lend: as RACE_FILL, by the next target if there is one, which got the lend passed on
    RACE_HOLD,    // (seed), lend: as RACE_FILL, bit by bit while others are served, and answered at the end or not at all
    RACE_FLAG,    // the caller is signalled, then answered
    RACE_CRASH,   // no answer: the target faults
};

// xorshift64: good enough to mix things up, and the same everywhere.
static inline uint64_t next_random(uint64_t *state)
{
    uint64_t x = *state;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}

static inline uint64_t mixed(uint64_t word, unsigned i)
{
    return (word ^ 0x9e3779b97f4a7c15ull) * (2 * i + 3);
}

static inline uint8_t pattern(uint64_t seed, unsigned i)
{
    return (uint8_t)(seed + i * 7 + (i >> 8));
}

static inline void fill(uint8_t *bytes, uint64_t seed)
{
    for (unsigned i = 0; i < LENT_BYTES; i++)
        bytes[i] = pattern(seed, i);
}

static inline uint64_t sum(const uint8_t *bytes)
{
    uint64_t total = 0;

    for (unsigned i = 0; i < LENT_BYTES; i++)
        total = total * 31 + bytes[i];
    return total;
}
