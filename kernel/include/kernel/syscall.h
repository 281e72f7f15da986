// System calls: decode, check, commit. Nothing is changed before everything is checked.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

// In place of a status: the call is made again, with its present arguments, when the thread next runs.
#define STATUS_REPEAT ((enum status)STATUS_COUNT)
// In place of a status: the thread's frame says all already, or will.
#define STATUS_NONE ((enum status)(STATUS_COUNT + 1))

// Carries out system call `number` of the core's current thread, arguments and results in its frame.
void syscall_dispatch(struct core *core, struct thread *thread, uint64_t number);

// The thread's system call ends with `status`.
void syscall_finish(struct thread *thread, enum status status);
