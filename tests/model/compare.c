// Compares the kernel's state with the model's.
// SPDX-License-Identifier: BSD-2-Clause
#include "random_calls.h"

#include <arch/cpu.h>

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define SAME(what, kernel, expected)                                                               \
    do {                                                                                           \
        unsigned long long k_ = (unsigned long long)(kernel), m_ = (unsigned long long)(expected); \
        if (k_ != m_)                                                                              \
            differs(what ": kernel 0x%llx, model 0x%llx", WHERE, k_, m_);                          \
    } while (0)

static void compare_thread(unsigned i)
{
    const struct thread *k = &threads[i];
    const struct model_thread *m = &model.threads[i];

#define WHERE i
    if (k->state != m->state)
        differs("thread %u, state: kernel %u (info 0x%llx), model %u (info 0x%llx)", i, k->state,
                (unsigned long long)k->frame.x[0], m->state, (unsigned long long)m->x[0]);
    SAME("thread %u, pc", k->frame.pc, m->pc);
    SAME("thread %u, sp", k->frame.sp, m->sp);
    SAME("thread %u, flags", k->frame.pstate, m->pstate);
    SAME("thread %u, tls", k->frame.tls, m->tls);
    SAME("thread %u, pending bits", notifications[i].pending, m->bits);
    SAME("thread %u, is parked", k->parked_on != NULL, m->parked != NOBODY);
    SAME("thread %u, priority", k->priority, m->priority);
#undef WHERE
    if (memcmp(k->frame.x, m->x, sizeof m->x) == 0)
        return;
    for (unsigned n = 0; n < 31; n++) {
        if (k->frame.x[n] != m->x[n])
            differs("thread %u, x%u: kernel 0x%llx, model 0x%llx", i, n, (unsigned long long)k->frame.x[n],
                    (unsigned long long)m->x[n]);
    }
}

static void compare_component(unsigned i)
{
    const struct component *k = &components[i];
    const struct model_component *m = &model.components[i];

#define WHERE i
    SAME("component %u, state", k->state, m->state);
    SAME("component %u, ready", k->ready, m->ready);
    SAME("component %u, generation", k->generation, m->generation);
    SAME("component %u, reason", k->fault_reason, m->reason);
    SAME("component %u, address or code", k->fault_address, m->address);
    SAME("component %u, pc of its fault", k->fault_pc, m->pc);
#undef WHERE
}

static void compare_endpoint(unsigned i)
{
    const struct model_endpoint *m = &model.endpoints[i];
    const struct thread *k = endpoints[i].queue.first;

#define WHERE i, n
    for (unsigned n = 0; n < m->length; n++, k = k->link_next) {
        if (k == NULL)
            differs("endpoint %u: the kernel has %u callers, the model %u", i, n, m->length);
        SAME("endpoint %u, caller %u", k - threads, m->queue[n]);
    }
#undef WHERE
    if (k)
        differs("endpoint %u: the kernel has more callers than the model", i);
}

static void compare_devices(void)
{
#define WHERE i
    for (unsigned i = 0; i < INTERRUPTS; i++)
        SAME("line %u is enabled", host.enabled[interrupts[i].intid], model.listening[i]);
    for (unsigned i = 0; i < PORTS_COUNT; i++)
        SAME("port %u", host.ports[PORTS_FIRST + i], model.ports[i]);
    for (unsigned i = 0; i < TIMERS; i++)
        SAME("timer %u, deadline", timers[i].heap_index ? timers[i].deadline : NO_TIME, model.timers[i]);
#undef WHERE
    nanos_t next = model_next_event();

    if (next != NO_TIME && host.timer > next)
        differs("the timer is set to %llu, but something happens at %llu", (unsigned long long)host.timer,
                (unsigned long long)next);
}

static void compare_current(void)
{
    const struct thread *current = arch_core()->current;
    int k = current ? (int)(current - threads) : NOBODY;

    if (k != model.current)
        differs("thread %d runs, in the model thread %d", k, model.current);
}

// The kernel charges when the one who pays changes; what has not been charged yet counts too.
static void compare_budget(unsigned i)
{
    const struct component *component = &components[i / 2];
    const struct sched_context *k = i % 2 ? &component->reserve : &component->sched_context;
    const struct core *core = arch_core();
    const struct model_budget *m = &model.budgets[i];
    nanos_t open = host.now - core->charged_until;
    nanos_t mine = core->active == k ? open : 0, owed = core->active && core->charge == k ? open : 0;

#define WHERE i / 2, i % 2 ? "reserve" : "budget"
    SAME("component %u, %s, time used", k->run_time + mine, m->used);
    if (m->limit == 0)
        return;
    SAME("component %u, %s, left", k->remaining - (int64_t)(mine + owed), m->left);
    SAME("component %u, %s, end of the period", k->replenish.heap_index ? k->replenish.deadline : NO_TIME,
         m->end);
#undef WHERE
}

static void compare_cap(unsigned component, unsigned slot)
{
    const struct cap *k = &components[component].caps[slot];
    const struct model_cap *m = &model.components[component].caps[slot];
    bool valid = k->object && k->generation == k->object->generation;

#define WHERE component, slot
    SAME("component %u, slot %u, valid", valid, slot != 0 && cap_is_valid(m));
    if (!valid || m->type == CAP_POOL)
        return;
    SAME("component %u, slot %u, type", k->type, m->type);
    SAME("component %u, slot %u, rights", k->rights, m->rights);
    SAME("component %u, slot %u, badge", k->badge, m->badge);
    SAME("component %u, slot %u, timeout", k->timeout, m->timeout);
#undef WHERE
}

static void compare_memory(unsigned component)
{
    const struct layout_component *layout = &layout_components[component];

    if (model.components[component].state != COMPONENT_RUNNING)
        return;  // a restart may be half way through it
    for (unsigned i = 0; i < layout->mapping_count; i++) {
        const struct layout_mapping *mapping = &layout_mappings[layout->mapping_first + i];
        const struct region *region = &regions[mapping->region];

        if (layout_regions[mapping->region].source != MEMORY_RAM)
            continue;
        const uint8_t *k = arch_physical(region->base), *m = model.memory[mapping->region];

        for (uint64_t offset = 0; memcmp(k, m, region->bytes) != 0 && offset < region->bytes; offset++) {
            if (k[offset] != m[offset])
                differs("component %u, memory at 0x%llx: kernel 0x%x, model 0x%x", component,
                        (unsigned long long)(mapping->address + offset), k[offset], m[offset]);
        }
    }
}

void compare(void)
{
    for (unsigned i = 0; i < THREADS; i++)
        compare_thread(i);
    for (unsigned i = 0; i < COMPONENTS; i++)
        compare_component(i);
    for (unsigned i = 0; i < ENDPOINTS; i++)
        compare_endpoint(i);
    for (unsigned i = 0; i < 2 * COMPONENTS; i++)
        compare_budget(i);
    compare_devices();
    compare_current();
}

void compare_all(void)
{
    compare();
    for (unsigned i = 0; i < COMPONENTS; i++) {
        for (unsigned slot = 0; slot < SLOTS; slot++)
            compare_cap(i, slot);
        compare_memory(i);
    }
}
