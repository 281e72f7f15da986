// Inspect: numbers about every component, thread and capability. Nothing here changes anything.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/inspect.h>

#include <arch/cpu.h>
#include <kernel/cap.h>
#include <kernel/component.h>
#include <kernel/layout.h>

struct kobject inspect_object = {.generation = 1, .type = CAP_INSPECT};

static uint32_t index_in(const void *object, const void *array, uint32_t count, uint64_t size)
{
    uint64_t distance = (uint64_t)object - (uint64_t)array;

    return distance < count * size ? (uint32_t)(distance / size) : UINT32_MAX;
}

uint32_t inspect_object_index(const struct cap *cap)
{
    const void *object = cap->object;

    switch (cap->type) {
    case CAP_ENDPOINT: return index_in(object, endpoints, endpoint_count, sizeof *endpoints);
    case CAP_NOTIFICATION: return index_in(object, notifications, notification_count, sizeof *notifications);
    case CAP_COMPONENT: return index_in(object, components, component_count, sizeof *components);
    case CAP_THREAD: return index_in(object, threads, thread_count, sizeof *threads);
    case CAP_REGION: return index_in(object, regions, layout_region_count, sizeof *regions);
    case CAP_INTERRUPT: return index_in(object, interrupts, interrupt_count, sizeof *interrupts);
    case CAP_TIMER: return index_in(object, timers, timer_count, sizeof *timers);
    case CAP_PORTS: return index_in(object, ports, ports_count, sizeof *ports);
    case CAP_POOL: return index_in(object, pools, pool_count, sizeof *pools);
    default: return 0;
    }
}

static enum status inspect_system(uint64_t out[INSPECT_WORDS])
{
    out[0] = component_count;
    out[1] = thread_table_count - 1;
    out[2] = core_count;
    out[3] = arch_clock();
    out[4] = arch_core()->idle_time;
    return STATUS_OK;
}

static enum status inspect_component(uint64_t index, uint64_t out[INSPECT_WORDS])
{
    if (index >= component_count)
        return STATUS_BAD_ARGUMENT;
    component_describe(&components[arch_index(index, component_count)], (struct component_report *)out);
    return STATUS_OK;
}
_Static_assert(sizeof(struct component_report) == INSPECT_WORDS * 8, "a report fills the result registers");

static enum status inspect_cap(uint64_t index, uint64_t slot, uint64_t out[INSPECT_WORDS])
{
    if (index >= component_count)
        return STATUS_BAD_ARGUMENT;
    const struct component *component = &components[arch_index(index, component_count)];

    if (slot >= component->cap_count)
        return STATUS_BAD_SLOT;
    const struct cap *cap = &component->caps[arch_index(slot, component->cap_count)];

    out[3] = component->cap_count;
    if (!cap_is_valid(cap))
        return STATUS_OK; // an empty slot: type 0
    out[0] = cap->type | (uint64_t)cap->rights << 8;
    out[1] = cap->badge;
    out[2] = inspect_object_index(cap);
    return STATUS_OK;
}

static enum status inspect_thread(uint64_t index, uint64_t out[INSPECT_WORDS])
{
    if (index + 1 >= thread_table_count || index + 1 == 0)
        return STATUS_BAD_ARGUMENT;
    const struct thread *thread = thread_table[arch_index(index + 1, thread_table_count)];

    if (thread == NULL)
        return STATUS_BAD_ARGUMENT;
    out[0] = index_in(thread->component, components, component_count, sizeof *components);
    out[1] = thread->state;
    out[2] = thread->priority;
    if (thread->state == THREAD_AWAITING)
        out[3] = index_in(thread->server, components, component_count, sizeof *components) + 1;
    return STATUS_OK;
}

enum status inspect(uint64_t what, uint64_t index, uint64_t index2, uint64_t out[INSPECT_WORDS])
{
    for (unsigned i = 0; i < INSPECT_WORDS; i++)
        out[i] = 0;
    switch (what) {
    case INSPECT_SYSTEM: return inspect_system(out);
    case INSPECT_COMPONENT: return inspect_component(index, out);
    case INSPECT_CAP: return inspect_cap(index, index2, out);
    case INSPECT_THREAD: return inspect_thread(index, out);
    default: return STATUS_BAD_ARGUMENT;
    }
}
