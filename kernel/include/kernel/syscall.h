// System calls: decode, check, commit. Nothing is changed before everything is checked.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

// Carries out system call `number` of the core's current thread, arguments and results in its frame.
void syscall_dispatch(struct core *core, struct thread *thread, uint64_t number);
