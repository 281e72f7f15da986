// A spawner that outlives the deaths of pm: what was cut off is done again, and has its effect once.
//
// For a component, or a program, whose use `processes` is of Processes. One thread of it may use this. A call
// that waits for a process waits as long as that takes. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <glue.h>

// What the program calls `name`. SLOT_NULL: the right to spawn, as itself.
struct passed {
    const char *name;
    slot_t capability;  // for which we have `grants`
    bool may_grant;     // the process may pass it on
};

// STATUS_OK: it runs, and will be told of by process_wait.
MUST_CHECK enum status process_spawn(const char *path, const char *arguments, struct processes_limits limits,
                                     const struct passed *passed, unsigned count, uint64_t *process);

// Waits until the process has ended, or for 0 any that we spawned, and forgets it: each is told of once.
// PROCESSES_ERROR_ABSENT: there is none.
MUST_CHECK enum status process_wait(uint64_t process, struct processes_process *ended);

MUST_CHECK enum status process_kill(uint64_t process);

// Ours, and those below them, by number; 0 is before the first.
MUST_CHECK enum status process_list(uint64_t after, struct processes_process *found);
