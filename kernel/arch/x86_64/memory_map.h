// The map of memory that the machine starts us with, by PVH or by Multiboot 2: the same entries in both.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/base.h>

// As firmware numbers it (ACPI 6.5, 15): all but RAM is somebody's.
struct memory_map {
    const uint8_t *entries;  // little-endian base, bytes, type and a reserved word, at least 24 bytes each
    uint32_t count, stride;
};

// The end of the RAM that begins at or before `inside` and goes on without a gap or a byte that somebody has;
// `inside` if it is none. The map is hostile input.
paddr_t memory_map_end(const struct memory_map *map, paddr_t inside);

// Finds the map in the information of a Multiboot 2 loader, of which `limit` bytes can be read. False if it
// has none.
bool multiboot2_map(const void *information, uint64_t limit, struct memory_map *map);
