// The same layout on a real machine: every component has the program, the memory that its threads share, and
// the script. board_values.h is made by tests/system/model_image.py. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "../recorded/layout_values.h"

#undef BOARD
#undef DEVICE_BASE
#undef FIRST_LINE
#include <board_values.h>

extern const char program[], script[];

#define REGION_PROGRAM REGIONS
#define REGION_BOARD   (REGIONS + 1)
#define REGION_SCRIPT  (REGIONS + 2)
#define BOARD_OFFSET   0x160000

#undef MORE_REGIONS
#undef MORE_REGION_OBJECTS
#undef MORE_MAPPINGS
#undef MORE_MAPPING_COUNT
#undef MORE_REGION_COUNT
#define MORE_REGIONS                                                                                      \
    [REGION_PROGRAM] = {.name = "program", .source = MEMORY_IMAGE, .image = program, .bytes = PAGE_SIZE}, \
    [REGION_BOARD] = {.name = "board",                                                                    \
                      .source = MEMORY_RAM,                                                               \
                      .offset = BOARD_OFFSET,                                                             \
                      .bytes = PAGE_SIZE,                                                                 \
                      .flags = REGION_PERSISTENT},                                                        \
    [REGION_SCRIPT] = {                                                                                   \
        .name = "script", .source = MEMORY_IMAGE, .image = script, .bytes = SCRIPT_BYTES_MAX},
#define MORE_REGION_OBJECTS                                                   \
    [REGION_PROGRAM] = {.head = {1, CAP_REGION}, .address = PROGRAM_ADDRESS}, \
    [REGION_BOARD] = {.head = {1, CAP_REGION}, .address = BOARD_ADDRESS},     \
    [REGION_SCRIPT] = {.head = {1, CAP_REGION}, .address = SCRIPT_ADDRESS},
#define MORE_MAPPINGS                                                                               \
    , {.address = PROGRAM_ADDRESS, .region = REGION_PROGRAM, .rights = RIGHT_READ | RIGHT_EXECUTE}, \
        {.address = BOARD_ADDRESS, .region = REGION_BOARD, .rights = RIGHT_READ | RIGHT_WRITE},     \
    {                                                                                               \
        .address = SCRIPT_ADDRESS, .region = REGION_SCRIPT, .rights = RIGHT_READ                    \
    }
#define MORE_MAPPING_COUNT 3
#define MORE_REGION_COUNT  3
