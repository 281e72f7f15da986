// Call timeouts. A blocked caller holds the granules it has left; a tick looks at every thread of the core and
// takes one. The tick stops when the core is idle and a whole round found no call with a timeout.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/timeout.h>

#include <arch/cpu.h>
#include <kernel/endpoint.h>
#include <kernel/layout.h>

// Threads looked at with interrupts off: a few instructions each.
#define THREADS_PER_STEP 64

void timeout_wake(struct core *core)
{
    if (core->ticking)
        return;
    core->ticking = true;
    core->next_tick = arch_clock() + layout_timeout_granularity_ns;
    core->rearm = true;
}

void timeout_tick(struct core *core, nanos_t now)
{
    core->next_tick = now + layout_timeout_granularity_ns;
    if (core->tick_index == 0) {
        core->tick_index = 1; // entry 0 of the table is no thread
        core->tick_found = false;
    }
}

static bool count_down(struct core *core, struct thread *thread)
{
    if (thread == NULL || thread->core != core || thread->timeout == 0)
        return false;
    if (--thread->timeout == 0)
        endpoint_end_call(thread, STATUS_TIMED_OUT);
    return true;
}

void timeout_step(struct core *core)
{
    uint32_t end = (uint32_t)least(core->tick_index + THREADS_PER_STEP, thread_table_count);

    for (; core->tick_index < end; core->tick_index++)
        core->tick_found |= count_down(core, thread_table[core->tick_index]);
    if (core->tick_index < thread_table_count)
        return;
    core->tick_index = 0;
    // Nobody waits and nobody runs who could begin to.
    if (!core->tick_found && core->active == NULL && core->ready_groups == 0) {
        core->ticking = false;
        core->rearm = true;
    }
}
