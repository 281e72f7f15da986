// Time in the model: who runs, who pays, timers, timeouts.
//
// Rules, from docs/kernel-abi.md: the highest priority runs, first come first served within a priority; a
// thread that is preempted goes on before others of its priority; a call to a waiting server, and a reply of
// a server that then waits, pass the processor on directly. A period begins when its budget is first used;
// what is owed at its end is taken from the next. SPDX-License-Identifier: BSD-2-Clause
#include "model.h"

unsigned own_budget(const struct model_thread *t)
{
    return 2 * t->component;
}

void make_ready(struct model_thread *t)
{
    t->state = M_READY;
    t->turn = ++model.back;
}

void make_ready_first(struct model_thread *t)
{
    t->state = M_READY;
    t->turn = --model.front;
}

// --- Choosing --------------------------------------------------------------------------------

static int next_thread(void)
{
    int best = NOBODY;

    for (int i = 0; i < THREADS; i++) {
        const struct model_thread *t = &model.threads[i], *b = best == NOBODY ? NULL : &model.threads[best];

        if (t->state != M_READY || t->parked != NOBODY)
            continue;
        if (b == NULL || t->priority > b->priority || (t->priority == b->priority && t->turn < b->turn))
            best = i;
    }
    return best;
}

static bool is_dry(int budget)
{
    return model.budgets[budget].limit && model.budgets[budget].left <= 0;
}

static void begin_period(int budget)
{
    struct model_budget *b = &model.budgets[budget];

    if (b->limit && b->end == NO_TIME)
        b->end = model.now + b->period;
}

// A server whose caller ran dry goes on with its reserve (or what its component has), and the caller owes it.
static bool finds_budget(struct model_thread *t)
{
    int own = (int)own_budget(t), reserve = own + 1;

    if (is_dry(t->pays) && t->pays != own && t->pays != reserve) {
        t->owes = t->pays;
        t->pays = model.budgets[reserve].limit ? reserve : own;
    }
    return !is_dry(t->pays);
}

static void schedule(void)
{
    for (;;) {
        int next = next_thread();

        model.current = next;
        if (next == NOBODY) {
            model.paying = model.owing = NOBODY;
            return;
        }
        struct model_thread *t = &model.threads[next];

        if (finds_budget(t)) {
            begin_period(t->pays);
            model.paying = t->pays;
            model.owing = t->owes;
            return;
        }
        t->parked = t->pays;
        t->park_turn = ++model.park_back;
        begin_period(t->pays);
    }
}

void model_leave(void)
{
    component_work_ends();
    schedule();
}

// --- Time ------------------------------------------------------------------------------------

void model_pass(nanos_t time)
{
    model.now += time;
    if (model.paying == NOBODY) {
        model.idle += time;
        return;
    }
    struct model_budget *b = &model.budgets[model.paying];

    b->used += time;
    if (b->limit)
        b->left -= (int64_t)time;
    if (model.owing != NOBODY && model.budgets[model.owing].limit)
        model.budgets[model.owing].left -= (int64_t)time;
}

static void unpark(int budget)
{
    for (;;) {
        struct model_thread *first = NULL;

        for (int i = 0; i < THREADS; i++) {
            struct model_thread *t = &model.threads[i];

            if (t->parked == budget && (first == NULL || t->park_turn < first->park_turn))
                first = t;
        }
        if (first == NULL)
            return;
        first->parked = NOBODY;
        make_ready(first);
    }
}

static void period_ends(int budget)
{
    struct model_budget *b = &model.budgets[budget];

    b->left += (int64_t)b->limit;
    if (b->left > (int64_t)b->limit)
        b->left = (int64_t)b->limit;
    if (b->left <= 0) {
        b->end += b->period;
        return;
    }
    b->end = NO_TIME;
    unpark(budget);
}

static void timer_fires(int timer)
{
    static const struct {
        unsigned thread;
        uint64_t bits;
    } told[TIMERS] = {[TIMER_SUP] = {T_SUP, BIT_TIMER},
                      [TIMER_SUP2] = {T_SUP, BIT_TIMER2},
                      [TIMER_DISK] = {T_DISK, BIT_TIMER},
                      [TIMER_SPARE] = {T_SPARE, BIT_TIMER}};

    model.timers[timer] = NO_TIME;
    signal_bits(told[timer].thread, told[timer].bits);
}

// Timers and ends of periods are numbered in one row: first the timers.
static nanos_t event_time(int event)
{
    return event < TIMERS ? model.timers[event] : model.budgets[event - TIMERS].end;
}

#define EVENTS (TIMERS + 2 * COMPONENTS)

// Somebody may become ready by it, so its place in a row of things that happen at one time matters.
static bool may_wake(int event)
{
    for (unsigned i = 0; event >= TIMERS && i < THREADS; i++) {
        if (model.threads[i].parked == event - TIMERS)
            return true;
    }
    return event < TIMERS;
}

void model_timer_interrupt(void)
{
    for (;;) {
        int first = 0;

        for (int event = 1; event < EVENTS; event++) {
            if (event_time(event) < event_time(first))
                first = event;
        }
        if (event_time(first) > model.now)
            return;
        for (int event = 0; event < EVENTS; event++)
            model.tied |= event != first && event_time(event) == event_time(first) && may_wake(event) &&
                          may_wake(first);
        if (first < TIMERS)
            timer_fires(first);
        else
            period_ends(first - TIMERS);
    }
}

nanos_t model_next_event(void)
{
    nanos_t next = NO_TIME;

    for (int event = 0; event < EVENTS; event++)
        next = event_time(event) < next ? event_time(event) : next;
    if (model.paying != NOBODY && model.budgets[model.paying].limit) {
        int64_t left = model.budgets[model.paying].left;
        nanos_t dry = model.now + (nanos_t)(left > 0 ? left : 0);

        next = dry < next ? dry : next;
    }
    return next;
}

// --- Timeouts --------------------------------------------------------------------------------

static bool in_call(const struct model_thread *t)
{
    return t->state == M_CALLING || t->state == M_AWAITING;
}

bool model_learn_timeout(unsigned thread)
{
    struct model_thread *t = &model.threads[thread];

    if (!in_call(t) || model.now < t->earliest)
        return false;
    ipc_end_call(t, STATUS_TIMED_OUT);
    return true;
}

int model_overdue(void)
{
    for (int i = 0; i < THREADS; i++) {
        if (in_call(&model.threads[i]) && model.now > model.threads[i].latest)
            return i;
    }
    return NOBODY;
}
