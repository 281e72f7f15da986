// System calls: decode, check, commit. Nothing is changed before everything is checked.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

// In place of a status: the call is made again, with its present arguments, when the thread next runs.
#define STATUS_REPEAT ((enum status)STATUS_COUNT)
// In place of a status: the thread's frame says all already, or will.
#define STATUS_NONE ((enum status)(STATUS_COUNT + 1))

// Carries out system call `number` of this core's current thread, arguments and results in its frame. What it returns ends the
// call: it is for syscall_finish().
MUST_CHECK enum status syscall_dispatch(struct thread *thread, uint64_t number);

static inline void syscall_finish(struct thread *thread, enum status status)
{
    if (status == STATUS_NONE)
        return;
    if (UNLIKELY(status == STATUS_REPEAT))
        frame_repeat_syscall(&thread->frame);
    else
        frame_set(&thread->frame, 0, status);
}
