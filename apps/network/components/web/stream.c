// Each eight bytes are the value of a counter, mixed as SplitMix64 does (Steele, Lea, Flood 2014), little endian.
// SPDX-License-Identifier: BSD-2-Clause

#include "stream.h"

static uint64_t mixed(uint64_t value)
{
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
    value = (value ^ value >> 27) * 0x94d049bb133111eb;
    return value ^ value >> 31;
}

void stream_fill(uint64_t seed, uint64_t offset, unsigned char *to, size_t bytes)
{
    uint64_t word = 0;

    for (size_t i = 0; i < bytes; i++, offset++) {
        if (i == 0 || offset % 8 == 0)
            word = mixed(seed + (offset / 8 + 1) * 0x9e3779b97f4a7c15);
        to[i] = (unsigned char)(word >> offset % 8 * 8);
    }
}
