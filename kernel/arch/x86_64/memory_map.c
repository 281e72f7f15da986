// Entries may come in any order, overlap, and split what is one: what is not RAM wins, and RAM that touches RAM goes on.
// SPDX-License-Identifier: BSD-2-Clause
#include "memory_map.h"

#define TYPE_RAM    1
#define ENTRIES_MAX 256

struct range {
    uint64_t base, end;
    bool is_ram;
};

// An entry of another size than all known loaders give it, and so whatever follows it, leaves no memory.
static struct range range_of(const struct memory_map_entry *entry)
{
    if (entry->size != sizeof *entry - sizeof entry->size)
        return (struct range){0, UINT64_MAX, false};
    uint64_t end = entry->bytes > UINT64_MAX - entry->base ? UINT64_MAX : entry->base + entry->bytes;

    return (struct range){entry->base, end, entry->type == TYPE_RAM};
}

// One entry further, or the same end.
static uint64_t extended(const struct memory_map_entry *map, uint64_t count, uint64_t end)
{
    for (uint64_t i = 0; i < count; i++) {
        struct range range = range_of(&map[i]);

        if (range.is_ram && range.base <= end && end < range.end)
            return range.end;
    }
    return end;
}

paddr_t memory_map_end(const struct memory_map_entry *map, uint64_t count, paddr_t inside)
{
    uint64_t end = inside;

    count = least(count, ENTRIES_MAX);
    for (uint64_t i = 0; i < count; i++)
        end = extended(map, count, end);
    for (uint64_t i = 0; i < count; i++) {
        struct range range = range_of(&map[i]);

        if (!range.is_ram && range.base < end && range.end > inside)
            end = range.base < inside ? inside : range.base;
    }
    return end;
}
