// Timers: one-shot deadlines in a binary heap, whose storage the layout sizes for all that can be armed at once.
// Invariant: core->heap[i]->heap_index == i + 1, and no parent is later than its children.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/timer.h>

#include <arch/cpu.h>
#include <kernel/notification.h>
#include <kernel/sched.h>
#include <kernel/timeout.h>

static void heap_put(struct core *core, uint32_t index, struct timer *timer)
{
    core->heap[index] = timer;
    timer->heap_index = index + 1;
}

static void heap_rise(struct core *core, uint32_t index, struct timer *timer)
{
    while (index > 0) {
        uint32_t parent = (index - 1) / 2;

        if (core->heap[parent]->deadline <= timer->deadline)
            break;
        heap_put(core, index, core->heap[parent]);
        index = parent;
    }
    heap_put(core, index, timer);
}

static void heap_sink(struct core *core, uint32_t index, struct timer *timer)
{
    for (;;) {
        uint32_t child = 2 * index + 1;

        if (child >= core->heap_length)
            break;
        if (child + 1 < core->heap_length && core->heap[child + 1]->deadline < core->heap[child]->deadline)
            child++;
        if (timer->deadline <= core->heap[child]->deadline)
            break;
        heap_put(core, index, core->heap[child]);
        index = child;
    }
    heap_put(core, index, timer);
}

void timer_cancel(struct core *core, struct timer *timer)
{
    if (timer->heap_index == 0)
        return;
    uint32_t index = timer->heap_index - 1;
    struct timer *last = core->heap[--core->heap_length];

    timer->heap_index = 0;
    if (last == timer)
        return;
    // The last one fills the gap: it may belong above or below it.
    heap_rise(core, index, last);
    heap_sink(core, last->heap_index - 1, last);
}

void timer_arm(struct core *core, struct timer *timer, nanos_t deadline)
{
    timer_cancel(core, timer);
    timer->deadline = deadline;
    heap_rise(core, core->heap_length++, timer);
}

void timer_program(struct core *core)
{
    nanos_t next = core->heap_length ? core->heap[0]->deadline : NEVER;

    if (core->ticking && core->next_tick < next)
        next = core->next_tick;
    if (core->active && core->active->budget) {
        int64_t left = core->active->remaining > 0 ? core->active->remaining : 0;

        if (core->charged_until + (nanos_t)left < next)
            next = core->charged_until + (nanos_t)left;
    }
    core->rearm = false;
    if (next == core->next_event)
        return;
    core->next_event = next;
    arch_timer_set(next);
}

void timer_interrupt(struct core *core)
{
    nanos_t now = arch_clock();

    // What ran up to now is charged to the period that it ran in.
    sched_account(core, now);
    // Each turn takes one timer out; a replenishment that arms itself again does so for a later time.
    while (core->heap_length && core->heap[0]->deadline <= now) {
        struct timer *timer = core->heap[0];

        timer_cancel(core, timer);
        if (timer->sched_context)
            sched_replenish(core, timer->sched_context);
        else
            notification_signal(timer->notification, timer->bits);
    }
    if (core->ticking && core->next_tick <= now)
        timeout_tick(core, now);
    core->next_event = 0; // it has passed; the next one is written even if equal
    core->rearm = true;
}
