// The map of memory that the machine starts us with, as Multiboot has it (Multiboot specification 0.6.96, 3.3).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/base.h>

struct memory_map_entry {
    uint32_t size; // of what follows
    uint64_t base, bytes;
    uint32_t type; // as firmware numbers it (ACPI 6.5, 15): all but RAM is somebody's
} __attribute__((packed));

// The end of the RAM that begins at or before `inside` and goes on without a gap or a byte that somebody has;
// `inside` if it is none. The map is hostile input.
paddr_t memory_map_end(const struct memory_map_entry *map, uint64_t count, paddr_t inside);
