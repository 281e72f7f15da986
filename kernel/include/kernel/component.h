// Components: start, end, restart. The unit of failure.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/layout.h>

// At boot: makes the address space from the layout. Panics if the layout is wrong, which is the builder's bug.
void component_init(struct component *component);
// At boot: memory to the image state, then runs its threads.
void component_start(struct component *component);

// It runs, or is being started: threads may wait for it. What ends then has to end by component_end().
static inline bool component_is_up(const struct component *component)
{
    return component->state == COMPONENT_RUNNING || component->state == COMPONENT_RESTARTING;
}

// It has ended, and not all of that is worked through.
static inline bool component_is_ending(const struct component *component)
{
    return component->step >= STEP_CALLERS && component->step <= STEP_POOL;
}

// Nothing of it runs, or is looked at by another core.
static inline bool component_is_stopped(const struct component *component)
{
    return component->state == COMPONENT_STOPPED && !component_is_ending(component);
}

// True if a call to it will be served or can wait for its restart.
static inline bool component_is_served(const struct component *component)
{
    return component_is_up(component) || (component->state != COMPONENT_DEAD && component->layout->restartable);
}

// The fast paths of the entry code are for this thread, unless its calls are reflected.
static inline void thread_allow_fast_path(struct thread *thread)
{
    thread->caps = thread->component->caps;
    thread->cap_limit = thread->reflect ? 0 : thread->component->cap_count;
}

// The thread's fault (fault_* fields) goes to its handler, or ends its component.
void thread_fault(struct core *core, struct thread *thread, enum fault_reason reason, uint64_t address,
                  uint64_t detail);
// The component becomes FAULTED by what is in the thread's fault_* fields.
void component_fail_thread(struct thread *thread);
// The component ends by itself or by its supervisor. `code`: exit code, or the supervisor's argument.
void component_end(struct component *component, enum component_state state, uint64_t code);
// One bounded piece of the latest end under way.
void component_end_step(struct core *core);
// A component has arrived at this core on its way round all of them.
void component_arrive(struct core *core, struct component *component);
// One of its threads came home: its end goes on if it waits for that and none is left abroad.
void component_gather(struct component *component);
// One bounded piece of the system call COMPONENT_CONTROL of `thread` on `component`, on that one's core: its status, or
// STATUS_REPEAT.
enum status component_control_step(struct thread *thread, struct component *component);
// The results of COMPONENT_STATE; all 0 without a component.
void component_report_to(struct thread *thread, const struct component *component);
// No more restarts: queued callers learn it.
void component_give_up(struct component *component);
// One bounded piece of a restart. True when the component runs again.
bool component_restart_step(struct component *component);

void component_describe(const struct component *component, struct component_report *report);
