// System calls: decode, check, commit. Nothing is changed before everything is checked.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

// In place of a status: the call is made again, with its present arguments, when the thread next runs.
#define STATUS_REPEAT ((enum status)STATUS_COUNT)
// In place of a status: the thread's frame says all already, or will.
#define STATUS_NONE ((enum status)(STATUS_COUNT + 1))

// A system call that neither blocks nor changes who runs: entry code makes it without what a switch of threads takes. Gets its
// first five arguments; what it returns besides the status it leaves in the thread's frame. STATUS_REPEAT: nothing was done,
// the call is for syscall_dispatch(). An address in the kernel's half, which memmove leaves in the register, is STATUS_OK.
typedef uint64_t quick_handler(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, struct thread *thread);
extern quick_handler *const quick_handlers[SYS_COUNT]; // by number; NULL: no such call

static inline uint64_t quick_call(quick_handler *handler, struct thread *thread)
{
    const struct arch_frame *frame = &thread->frame;

    return handler(frame_get(frame, 0), frame_get(frame, 1), frame_get(frame, 2), frame_get(frame, 3), frame_get(frame, 4),
                   thread);
}

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
