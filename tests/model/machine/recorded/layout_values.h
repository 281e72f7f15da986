// The tests' layout for runs that are recorded: no time passes in them, so no timeout, budget or timer ends;
// spare, the lowest priority, keeps the others going. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define PORTS_THERE 0 // not every machine has ports

#include "../step.h"

#define GRANULE       4000000000u
#define FOR_EVER      1000000000000000ull
#define APP_BUDGET    FOR_EVER
#define APP_PERIOD    (2 * FOR_EVER)
#define FILES_BUDGET  FOR_EVER
#define FILES_PERIOD  (2 * FOR_EVER)
#define FILES_RESERVE FOR_EVER
#define DISK_RESERVE  FOR_EVER
#define SHELL_BUDGET  FOR_EVER
#define SHELL_PERIOD  (2 * FOR_EVER)
#define SPARE_BUDGET  0
#define SPARE_PERIOD  0

#define ENTRY_ADDRESS PROGRAM_ADDRESS
#define BOARD                                      \
    {                                              \
        .name = "host", .console_base = 0x09008000 \
    }
#define DEVICE_BASE 0x09000000
#define FIRST_LINE 40
#define TABLES      4

#define WAKE         (1ull << 60)
#define S_WAKE       (S_COMPONENT + COMPONENTS)  // notification of thread 0, and so on
#define WAKES(t)     [S_WAKE + (t)] = CAP(CAP_NOTIFICATION, notifications[t], RIGHT_CALL, WAKE, 0)
#define SPARE_STARTS 1
#define E_REVOCABLE  E_WORKER
#define COMMON_MORE                                                                             \
    WAKES(T_SUP), WAKES(T_DISK), WAKES(T_WORKER), WAKES(T_FILES), WAKES(T_APP), WAKES(T_SHELL), \
        WAKES(T_SHELL2), WAKES(T_PAGER), WAKES(T_GUEST), WAKES(T_GUEST2),
#define SPARE_MORE                                                                                           \
    CONTROLLED(SUP, 0), CONTROLLED(DISK, 0), CONTROLLED(FILES, 0), CONTROLLED(APP, 0), CONTROLLED(SHELL, 0), \
        CONTROLLED(PAGER, 0), CONTROLLED(GUEST, 0),

#define MORE_REGIONS
#define MORE_REGION_OBJECTS
#define MORE_MAPPINGS
#define MORE_MAPPING_COUNT 0
#define MORE_REGION_COUNT  0
