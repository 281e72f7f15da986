// Entries may come in any order, overlap, and split what is one: what is not RAM wins, and RAM that touches
// RAM goes on. SPDX-License-Identifier: BSD-2-Clause
#include "memory_map.h"

#define TYPE_RAM    1
#define ENTRIES_MAX 256

struct entry {
    uint64_t base, end;
    bool is_ram;
};

static struct entry read_entry(const struct memory_map *map, uint32_t index)
{
    const uint8_t *at = map->entries + (uint64_t)index * map->stride;
    uint64_t base, bytes;
    uint32_t type;

    __builtin_memcpy(&base, at, 8);
    __builtin_memcpy(&bytes, at + 8, 8);
    __builtin_memcpy(&type, at + 16, 4);
    return (struct entry){base, bytes > UINT64_MAX - base ? UINT64_MAX : base + bytes, type == TYPE_RAM};
}

// One entry further, or the same end.
static uint64_t extended(const struct memory_map *map, uint32_t count, uint64_t end)
{
    for (uint32_t i = 0; i < count; i++) {
        struct entry entry = read_entry(map, i);

        if (entry.is_ram && entry.base <= end && end < entry.end)
            return entry.end;
    }
    return end;
}

paddr_t memory_map_end(const struct memory_map *map, paddr_t inside)
{
    uint32_t count = map->count < ENTRIES_MAX ? map->count : ENTRIES_MAX;
    uint64_t end = inside;

    for (uint32_t i = 0; i < count; i++)
        end = extended(map, count, end);
    for (uint32_t i = 0; i < count; i++) {
        struct entry entry = read_entry(map, i);

        if (!entry.is_ram && entry.base < end && entry.end > inside)
            end = entry.base < inside ? inside : entry.base;
    }
    return end;
}
