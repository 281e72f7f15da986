// The end of a component that found a bug in itself, or that has nothing to do here. Its supervisor sees
// which by the exit code.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdnoreturn.h>

#define PANIC_EXIT_CODE 134  // what a shell shows for a process that aborted: 128 + SIGABRT

#define REFUSE_EXIT_CODE 78  // EX_CONFIG of BSD's sysexits.h

// Logs the text and a backtrace that the host resolves ("tenon: backtrace NAME 0x.. 0x.."), then exits.
__attribute__((format(printf, 1, 2))) noreturn void panic(const char *format, ...);

// For what a restart would not change, such as a device that is another one: logs the text and exits. It is
// restarted only if its `restart` names `refused`.
__attribute__((format(printf, 1, 2))) noreturn void refuse(const char *format, ...);

// For what cannot happen. Never compiled away.
#define assert_that(condition)                                                   \
    do {                                                                         \
        if (!(condition))                                                        \
            panic("%s:%d: %s is not true", __FILE_NAME__, __LINE__, #condition); \
    } while (0)
