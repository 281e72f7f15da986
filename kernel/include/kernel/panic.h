// The kernel's own end: a bug of ours, or the failure policy the system declares.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/base.h> // panic()

// Carries out a failure policy other than "go on".
#define FAIL_RESET 1
#define FAIL_HALT 2
void system_fail(uint8_t policy);

// At boot: prints and clears what the last run left behind.
void crash_log_report(void);
