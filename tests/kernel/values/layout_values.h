// What the tests' layout (layout.c) leaves open: here times that come within a run, and the fake machine. Who
// wants other values has a file of this name. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define GRANULE       1000000u  // 1 ms
#define APP_BUDGET    2000000ull
#define APP_PERIOD    10000000ull
#define FILES_BUDGET  5000000ull
#define FILES_PERIOD  23000000ull
#define FILES_RESERVE 500000ull
#define DISK_RESERVE  300000ull
#define SHELL_BUDGET  3000000ull
#define SHELL_PERIOD  11000000ull
#define SPARE_BUDGET  1000000ull
#define SPARE_PERIOD  7000000ull

#define ENTRY_ADDRESS TEXT_ADDRESS  // where threads begin
#define BOARD                                      \
    {                                              \
        .name = "host", .console_base = 0x09008000 \
    }
#define DEVICE_BASE  0x09000000  // physical
#define FIRST_LINE 40  // of two interrupt lines
#define SPARE_STARTS 0
#define TABLES       3  // page tables of a component
#define E_REVOCABLE  E_SPARE

// Further capabilities of every component, of spare: each followed by a comma.
#define COMMON_MORE
#define SPARE_MORE

// Memory that every component has besides.
#define MORE_REGIONS
#define MORE_REGION_OBJECTS
#define MORE_MAPPINGS
#define MORE_MAPPING_COUNT 0
#define MORE_REGION_COUNT  0
