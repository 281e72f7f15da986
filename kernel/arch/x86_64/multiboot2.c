// The information of a Multiboot 2 loader: a length, then tags at multiples of 8 bytes (Multiboot2
// specification, 3.6). SPDX-License-Identifier: BSD-2-Clause
#include "memory_map.h"

#define TAG_END          0
#define TAG_MEMORY_MAP   6
#define HEADER_BYTES     8   // of the information, and of each tag
#define MAP_HEADER_BYTES 16  // a tag's, entry size, entry version
#define ENTRY_BYTES      24

static uint32_t word(const uint8_t *at)
{
    uint32_t value;

    __builtin_memcpy(&value, at, sizeof value);
    return value;
}

static bool read_map(const uint8_t *tag, uint32_t bytes, struct memory_map *map)
{
    if (bytes < MAP_HEADER_BYTES)
        return false;
    *map = (struct memory_map){.entries = tag + MAP_HEADER_BYTES, .stride = word(tag + 8)};
    if (map->stride < ENTRY_BYTES)
        return false;
    map->count = (bytes - MAP_HEADER_BYTES) / map->stride;
    return true;
}

bool multiboot2_map(const void *information, uint64_t limit, struct memory_map *map)
{
    const uint8_t *start = information;
    uint64_t total = limit < HEADER_BYTES ? 0 : word(start), at = HEADER_BYTES;

    if (total > limit)
        return false;
    while (at <= total && total - at >= HEADER_BYTES) {
        uint32_t type = word(start + at), bytes = word(start + at + 4);

        if (type == TAG_END || bytes < HEADER_BYTES || bytes > total - at)
            return false;
        if (type == TAG_MEMORY_MAP)
            return read_map(start + at, bytes, map);
        at += (bytes + 7ull) & ~7ull;
    }
    return false;
}
