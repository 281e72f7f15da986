// The scheduler of one core: fixed priorities, O(1), budgets by scheduling contexts.
//
// The running thread is core->current and in no queue. A system call changes states and queues and may
// name a new current; sched_leave() then decides who really runs.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

// Begins every entry from user code, of which `thread` was running: the fast paths have changed threads without a word.
static inline void sched_enter(struct core *core, struct thread *thread)
{
    core->current = thread;
    core->vspace = &thread->component->vspace;
}

// The thread can run: it goes to the end of its priority's queue.
void sched_ready(struct thread *thread);
// The thread no longer runs or waits to run. Its state is the caller's to set.
void sched_remove(struct thread *thread);
// `to`, ready now, runs next in place of current, which is blocked or has just been queued.
void sched_switch(struct core *core, struct thread *to);
// Lets the threads of the same priority run first.
void sched_yield(struct core *core);

// Ends every entry into the kernel: does deferred work, picks the thread to run, sleeps while there is none,
// charges budgets, sets the timer, loads the address space. Returns the thread to resume.
struct thread *sched_leave(struct core *core);

// The second half of SYS_SIGNAL's fast path: `from` signals bits to a thread above it that waits. Returns the thread to resume;
// NULL: it is `to`, with the bits in its registers in place of its frame.
struct thread *sched_wake(struct thread *from, struct thread *to, uint64_t bits);

// Charges the time up to now to whoever ran.
void sched_account(struct core *core, nanos_t now);

// The budget of `context` starts anew; threads parked on it are ready again.
void sched_replenish(struct core *core, struct sched_context *context);
// A context with a full budget; no budget or no period: no limit. Only for one that was never used: a restart keeps what
// is owed.
void sched_context_init(struct sched_context *context, nanos_t budget, nanos_t period);
