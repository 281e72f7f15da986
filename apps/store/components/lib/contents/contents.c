// See contents.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "contents.h"

#include <string.h>

#define GAMMA 0x9e3779b97f4a7c15ull

uint64_t mixed(uint64_t state)
{
    state = (state ^ state >> 30) * 0xbf58476d1ce4e5b9ull;
    state = (state ^ state >> 27) * 0x94d049bb133111ebull;
    return state ^ state >> 31;
}

static uint64_t mixed_with(uint64_t state, const char *text)
{
    for (; *text != 0; text++)
        state = mixed(state + GAMMA * (uint8_t)*text);
    return state;
}

size_t contents_make(const char *keeper, const char *key, uint64_t number, uint8_t value[VALUE_BYTES])
{
    uint64_t state = mixed_with(mixed_with(number, keeper), key);
    size_t bytes = sizeof number + (size_t)(state % (VALUE_BYTES - sizeof number + 1));

    memcpy(value, &number, sizeof number);
    for (size_t i = sizeof number; i < bytes; i++)
        value[i] = (uint8_t)((state = state * 6364136223846793005ull + 1) >> 56);
    return bytes;
}

uint64_t contents_number(const char *keeper, const char *key, const uint8_t *value, size_t bytes)
{
    static uint8_t expected[VALUE_BYTES];
    uint64_t number;

    if (bytes < sizeof number)
        return 0;
    memcpy(&number, value, sizeof number);
    if (contents_make(keeper, key, number, expected) != bytes || memcmp(value, expected, bytes) != 0)
        return 0;
    return number;
}
