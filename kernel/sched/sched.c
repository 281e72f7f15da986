// Fixed-priority scheduling with budgets, for one core.
//
// Ready threads stand in one queue per priority; two levels of bitmaps find the highest in constant time.
// The scheduling context that pays (core->active) is charged when it changes, not when the thread changes:
// a call that carries its caller's context to the server costs no clock reading.
// Invariant: `queued` threads are in core->ready[] or parked on their context; current is neither.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/sched.h>

#include <arch/cpu.h>
#include <kernel/component.h>
#include <kernel/endpoint.h>
#include <kernel/layout.h>
#include <kernel/syscall.h>
#include <kernel/thread_list.h>
#include <kernel/timer.h>
#include <kernel/timeout.h>
#include <kernel/travel.h>

static void queue_mark(struct core *core, unsigned priority)
{
    core->ready_bits[priority / 64] |= 1ull << (priority % 64);
    core->ready_groups |= 1ull << (priority / 64);
    if (priority > core->top)
        core->top = priority;
}

// The highest priority with a ready thread; 0 (which no thread has) if none.
static unsigned find_top(const struct core *core)
{
    if (core->ready_groups == 0)
        return 0;
    unsigned group = 63 - (unsigned)__builtin_clzll(core->ready_groups);
    return group * 64 + 63 - (unsigned)__builtin_clzll(core->ready_bits[group]);
}

static void queue_unmark(struct core *core, unsigned priority)
{
    if (core->ready[priority].first)
        return;
    core->ready_bits[priority / 64] &= ~(1ull << (priority % 64));
    if (core->ready_bits[priority / 64] == 0)
        core->ready_groups &= ~(1ull << (priority / 64));
    core->top = find_top(core);
}

static struct thread *queue_pop(struct core *core, unsigned priority)
{
    struct thread *thread = core->ready[priority].first;

    thread_list_remove(&core->ready[priority], thread);
    queue_unmark(core, priority);
    thread->queued = false;
    return thread;
}

void sched_ready(struct thread *thread)
{
    struct core *core = thread->core;

    thread->state = THREAD_READY;
    if (thread->queued || core->current == thread)
        return;
    thread_list_append(&core->ready[thread->priority], thread);
    queue_mark(core, thread->priority);
    thread->queued = true;
}

// Current goes on when those above it are done, before others of its priority.
static inline void queue_current(struct core *core, struct thread *thread)
{
    thread_list_prepend(&core->ready[thread->priority], thread);
    queue_mark(core, thread->priority);
    thread->queued = true;
}

void sched_remove(struct thread *thread)
{
    struct core *core = thread->core;

    if (core->current == thread)
        core->current = NULL;
    if (!thread->queued)
        return;
    thread->queued = false;
    // Parked threads are out of budget and stand in their context's list instead.
    if (thread->parked_on) {
        thread_list_remove(&thread->parked_on->parked, thread);
        thread->parked_on = NULL;
        return;
    }
    thread_list_remove(&core->ready[thread->priority], thread);
    queue_unmark(core, thread->priority);
}

void sched_switch(struct core *core, struct thread *to)
{
    struct thread *thread = core->current;

    to->state = THREAD_READY;
    core->current = to;
    if (thread && thread->state == THREAD_READY)
        queue_current(core, thread);
}

void sched_yield(struct core *core)
{
    struct thread *thread = core->current;

    core->current = NULL;
    sched_ready(thread);
}

// --- Budgets ---------------------------------------------------------------------------------

void sched_context_init(struct sched_context *context, nanos_t budget, nanos_t period)
{
    if (period == 0)
        budget = 0; // nothing would ever refill it
    *context = (struct sched_context){.budget = budget, .period = period, .remaining = (int64_t)budget};
    context->replenish.sched_context = context;
}

static void context_charge(struct sched_context *context, nanos_t elapsed)
{
    context->run_time += elapsed;
    if (context->budget)
        context->remaining -= (int64_t)elapsed;
}

static inline void account(struct core *core, nanos_t now)
{
    nanos_t elapsed = now - core->charged_until;

    core->charged_until = now;
    if (core->active == NULL) {
        core->idle_time += elapsed;
        return;
    }
    context_charge(core->active, elapsed);
    // Work on reserve is the caller's overrun; its own time is already counted once.
    if (core->charge && core->charge->budget)
        core->charge->remaining -= (int64_t)elapsed;
}

void sched_account(struct core *core, nanos_t now)
{
    account(core, now);
}

static bool context_is_dry(const struct sched_context *context)
{
    return context->budget && context->remaining <= 0;
}

// A period starts with the first use after the last one ended.
static void context_begin_period(struct core *core, struct sched_context *context, nanos_t now)
{
    if (context->budget && context->replenish.heap_index == 0)
        timer_arm(core, &context->replenish, now + context->period);
}

void sched_replenish(struct core *core, struct sched_context *context)
{
    context->remaining += (int64_t)context->budget;
    if (context->remaining > (int64_t)context->budget)
        context->remaining = (int64_t)context->budget;
    if (context->remaining <= 0) {
        timer_arm(core, &context->replenish, context->replenish.deadline + context->period);
        return;
    }
    while (context->parked.first) {
        struct thread *thread = context->parked.first;

        thread_list_remove(&context->parked, thread);
        thread->parked_on = NULL;
        thread->queued = false;
        sched_ready(thread);
    }
}

// A server whose caller ran dry goes on with its reserve; the caller owes that time.
// Returns false if there is nothing left to run on.
static bool thread_find_budget(struct thread *thread)
{
    struct component *component = thread->component;

    if (!context_is_dry(thread->sched_context))
        return true;
    if (thread->sched_context != component->account && thread->sched_context != &component->reserve) {
        thread->charge = thread->sched_context;
        thread->sched_context = component->reserve.budget ? &component->reserve : component->account;
    }
    return !context_is_dry(thread->sched_context);
}

static void thread_park(struct core *core, struct thread *thread, nanos_t now)
{
    core->current = NULL;
    thread->queued = true;
    thread->parked_on = thread->sched_context;
    thread_list_append(&thread->sched_context->parked, thread);
    context_begin_period(core, thread->sched_context, now);
}

// --- Leaving the kernel ----------------------------------------------------------------------

// Work that was put off so that no system call and no interrupt takes long. Interrupts come in between.
static void do_deferred_work(struct core *core)
{
    while (core->ending || core->tick_index) {
        if (core->ending)
            component_end_step(core);
        else
            timeout_step(core);
        if (arch_interrupt_pending()) {
            arch_interrupt_dispatch(core);
            timeout_wake(core); // the tick may have stopped just before somebody became ready
        }
    }
}

static void idle(struct core *core)
{
    sched_account(core, arch_clock());
    core->active = core->charge = NULL;
    timer_program(core);
    arch_wait_for_interrupt();
    arch_interrupt_dispatch(core);
    timeout_wake(core);
}

// Sets core->current to the thread that should run, or leaves it NULL.
static void choose(struct core *core)
{
    struct thread *thread = core->current;

    if (thread && thread->state == THREAD_READY) {
        if (thread->priority >= core->top)
            return;
        queue_current(core, thread);
    }
    core->current = core->top ? queue_pop(core, (unsigned)core->top) : NULL;
}

static bool pay_limited(struct core *core, struct thread *thread, nanos_t now)
{
    if (!thread_find_budget(thread)) {
        core->active = core->charge = NULL;
        thread_park(core, thread, now);
        return false;
    }
    core->active = thread->sched_context;
    core->charge = thread->charge;
    context_begin_period(core, core->active, now);
    timer_program(core);
    return true;
}

// Makes the context of `thread`, which is current, the one that pays. False if it is dry: the thread is parked then.
static inline bool pay(struct core *core, struct thread *thread)
{
    struct sched_context *old = core->active, *new = thread->sched_context;

    if (new == old && thread->charge == core->charge && !core->rearm)
        return true;
    nanos_t now = arch_clock();

    account(core, now);
    if (UNLIKELY(core->rearm || old == NULL || old->budget || new->budget))
        return pay_limited(core, thread, now);
    // No budget ends, so the timer stays as it is.
    core->active = new;
    core->charge = thread->charge;
    return true;
}

static void load_vspace(struct core *core, struct vspace *vspace)
{
    if (vspace == core->vspace)
        return;
    core->vspace = vspace;
    arch_vspace_load(vspace);
}

// Current is from another core: a piece of its system call is done in its place.
static void serve_visitor(struct core *core)
{
    struct thread *thread = core->current;

    sched_account(core, arch_clock());
    core->active = &core->visits;
    core->charge = NULL;
    // What is loaded may be of a component that is taken apart now.
    load_vspace(core, &thread->visits->vspace);
    enum status status = component_control_step(thread, thread->visits);

    if (status != STATUS_REPEAT) {
        frame_set(&thread->frame, 0, status);
        sched_remove(thread);
        travel_home(thread);
    } else {
        travel_wait_for_copies(core, thread); // and comes back
    }
    if (core->rearm)
        timer_program(core);
    if (arch_interrupt_pending())
        arch_interrupt_dispatch(core);
}

// Sets core->current to the thread that goes on in user code.
static void find_current(struct core *core)
{
    for (;;) {
        do_deferred_work(core);
        choose(core);
        if (core->current == NULL)
            idle(core);
        else if (UNLIKELY(thread_is_visitor(core->current)))
            serve_visitor(core);
        else if (pay(core, core->current))
            return;
    }
}

// Current's registers are all that is left to load.
static inline void load(struct core *core, struct thread *thread)
{
    load_vspace(core, &thread->component->vspace);
    if (UNLIKELY(core->fpu_owner != NULL))
        arch_fpu_switch(core, thread);
    guest_load(core, thread);
}

struct thread *sched_leave(struct core *core)
{
    find_current(core);
    load(core, core->current);
    return core->current;
}

struct thread *sched_wake(struct thread *from, struct thread *to, uint64_t bits)
{
    struct core *core = arch_core();

    sched_enter(core, from);
    frame_set(&from->frame, 0, STATUS_OK);
    frame_clear_scratch(&from->frame);
    // Nobody is above `from`, and there is no deferred work while user code runs.
    to->state = THREAD_READY;
    queue_current(core, from);
    core->current = to;
    if (LIKELY(pay(core, to))) {
        load(core, to);
        return NULL;
    }
    endpoint_put_event(to, KIND_NOTIFICATION, 0, bits);
    return sched_leave(core);
}
