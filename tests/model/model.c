// The model's state: how it begins, and what each capability names.
// SPDX-License-Identifier: BSD-2-Clause
#include "model.h"

#include <string.h>

struct model model;

// --- Beginning -------------------------------------------------------------------------------

// The model's name for what a capability of the layout points at.
static unsigned object_index(const struct cap *cap)
{
    const void *object = cap->object;

    switch (cap->type) {
    case CAP_ENDPOINT: return (unsigned)((const struct endpoint *)object - endpoints);
    case CAP_NOTIFICATION: return (unsigned)((const struct notification *)object - notifications);
    case CAP_COMPONENT: return (unsigned)((const struct component *)object - components);
    case CAP_THREAD:
        for (unsigned i = 0; i < THREADS; i++) {
            if (object == &threads[i].head)
                return i;
        }
        return THREADS;
    case CAP_REGION: return (unsigned)((const struct region *)object - regions);
    case CAP_INTERRUPT: return (unsigned)((const struct interrupt *)object - interrupts);
    case CAP_PORTS: return (unsigned)((const struct ports *)object - ports);
    case CAP_TIMER: return (unsigned)((const struct timer *)object - timers);
    default: return 0;
    }
}

static void take_caps(unsigned component)
{
    for (unsigned slot = 0; slot < S_DYNAMIC; slot++) {
        const struct cap *cap = &layout_components[component].caps[slot];

        if (cap->object)
            model.components[component].caps[slot] = (struct model_cap){.type = cap->type,
                                                                        .rights = cap->rights,
                                                                        .timeout = cap->timeout,
                                                                        .object = object_index(cap),
                                                                        .life = 0,
                                                                        .badge = cap->badge};
    }
}

static void take_budgets(unsigned component)
{
    const struct layout_component *layout = &layout_components[component];
    nanos_t budget = layout->period ? layout->budget : 0, reserve = layout->period ? layout->reserve : 0;

    model.budgets[2 * component] = (struct model_budget){
        .limit = budget, .period = layout->period, .left = (int64_t)budget, .end = NO_TIME};
    model.budgets[2 * component + 1] = (struct model_budget){
        .limit = reserve, .period = layout->period, .left = (int64_t)reserve, .end = NO_TIME};
}

static void take_thread(unsigned i)
{
    const struct layout_thread *layout = &layout_threads[i];

    model.threads[i] =
        (struct model_thread){.priority = layout->priority,
                              .entry = layout->entry,
                              .stack = layout->stack_top,
                              .argument = layout->argument,
                              .handler = layout->handler ? (int)(layout->handler - endpoints) : NOBODY,
                              .handler_badge = layout->handler_badge,
                              .reflect = layout->reflect,
                              .parked = NOBODY,
                              .owes = NOBODY,
                              .token_of = NOBODY,
                              .endpoint = NOBODY,
                              .server = NOBODY,
                              .earliest = NO_TIME,
                              .latest = NO_TIME};
    for (unsigned c = 0; c < COMPONENTS; c++) {
        if (i - layout_components[c].thread_first < layout_components[c].thread_count)
            model.threads[i].component = c;
    }
    if (layout->receives)
        model.endpoints[layout->receives - endpoints].receiver = i;
}

static void start_thread(unsigned i)
{
    struct model_thread *t = &model.threads[i];

    memset(t->x, 0, sizeof t->x);
    t->x[0] = t->argument;
    t->sp = t->stack;
    t->pc = t->entry;
    t->pstate = t->tls = 0;
    t->pays = (int)own_budget(t);
    t->owes = t->parked = t->token_of = NOBODY;
    make_ready(t);
}

void model_start_component(unsigned component);
void model_start_component(unsigned component)
{
    const struct layout_component *layout = &layout_components[component];
    struct model_component *c = &model.components[component];

    memory_restart(component);
    c->state = COMPONENT_RUNNING;
    c->ready = false;
    c->reason = FAULT_NONE;
    c->generation++;
    c->restarting = false;
    for (unsigned i = 0; i < layout->thread_count; i++)
        start_thread(layout->thread_first + i);
}

void model_boot(void)
{
    memset(&model, 0, sizeof model);
    model.current = model.paying = model.owing = NOBODY;
    for (unsigned i = 0; i < TIMERS; i++)
        model.timers[i] = NO_TIME;
    for (unsigned i = 0; i < THREADS; i++)
        take_thread(i);
    for (unsigned c = 0; c < COMPONENTS; c++) {
        take_caps(c);
        take_budgets(c);
    }
    for (unsigned c = 0; c < COMPONENTS; c++) {
        if (layout_components[c].autostart)
            model_start_component(c);
    }
    model_leave();
}

// --- Capabilities ----------------------------------------------------------------------------

bool cap_is_valid(const struct model_cap *cap)
{
    return cap->type != CAP_NONE && cap->life == model.life[cap->type][cap->object];
}

int find_cap(unsigned component, uint64_t slot, enum cap_type type, uint8_t rights, struct model_cap **out)
{
    if (slot == 0 || slot >= SLOTS || !cap_is_valid(&model.components[component].caps[slot]))
        return STATUS_BAD_SLOT;
    struct model_cap *cap = &model.components[component].caps[slot];

    *out = cap;
    if (type != CAP_NONE && cap->type != type)
        return STATUS_BAD_TYPE;
    return (cap->rights & rights) == rights ? STATUS_OK : STATUS_DENIED;
}
