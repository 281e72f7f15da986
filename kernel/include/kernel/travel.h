// Threads between cores. A kernel operation runs where its object is at home, so a thread that needs one there goes there
// itself, blocked, and is put to work by that core's kernel; its own code runs at home only.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

// It is where it is only for an operation of the kernel.
static inline bool thread_is_visitor(const struct thread *thread)
{
    return thread->core != thread->component->core;
}

// The thread, at home and running, leaves for `to`.
void travel_depart(struct thread *thread, struct core *to, enum errand errand);

// No other core is in the middle of a copy from or to memory that was unmapped here.
static inline bool copies_are_over(const struct core *core)
{
    return core->passed == core->unmaps;
}

// The running thread goes on when that is so of what was unmapped up to now: if need be, it passes every other core first.
void travel_wait_for_copies(struct core *core, struct thread *thread);

// The thread's call has ended, and its frame says how. `call`: the CALL_* flags it had. At home it is ready; otherwise,
// or when others may be in the middle of a copy of what it lent, it gets there by and by.
void travel_resume(struct thread *thread, uint8_t call);

// The same for one that cannot go on: its component fails by its fault_* fields.
void travel_fail(struct thread *thread);

// A visitor goes home as it is.
void travel_home(struct thread *thread);

// Called for each thread that arrives at this core.
void travel_arrive(struct core *core, struct thread *thread);
