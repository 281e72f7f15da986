// System calls that make objects from a pool, map their memory and wire them.
// SPDX-License-Identifier: BSD-2-Clause
#include "handlers.h"

#include <kernel/cap.h>
#include <kernel/component.h>
#include <kernel/layout.h>
#include <kernel/pool.h>
#include <kernel/travel.h>

// A component, or the caller's own for slot 0.
static enum status find_component(struct thread *thread, uint64_t slot, struct component **component)
{
    struct cap *cap;

    *component = thread->component;
    if (slot == SLOT_NULL)
        return STATUS_OK;
    enum status status = cap_find(thread->component, slot, CAP_COMPONENT, RIGHT_WRITE, &cap);

    if (status == STATUS_OK)
        *component = CONTAINER_OF(cap->object, struct component, head);
    return status;
}

// A thread, or the calling one for slot 0.
static enum status find_thread(struct thread *thread, uint64_t slot, struct thread **out)
{
    struct cap *cap;

    *out = thread;
    if (slot == SLOT_NULL)
        return STATUS_OK;
    enum status status = cap_find(thread->component, slot, CAP_THREAD, RIGHT_WRITE, &cap);

    if (status == STATUS_OK)
        *out = CONTAINER_OF(cap->object, struct thread, head);
    return status;
}

// --- Making ----------------------------------------------------------------------------------

// A capability to call, or signal, one of the threads of the caller's own component, or of those it made.
static enum status make_cap(struct pool *pool, struct thread *thread, enum cap_type type, uint32_t *slot)
{
    uint64_t badge = frame_get(&thread->frame, 3);
    struct thread *of;
    enum status status = find_thread(thread, frame_get(&thread->frame, 2), &of);

    if (status != STATUS_OK)
        return status;
    if (of->component != thread->component && of->component->pool != pool)
        return STATUS_DENIED;
    if (type == CAP_ENDPOINT && (of->receives == NULL || badge >= of->receives->clients))
        return STATUS_BAD_ARGUMENT;
    struct kobject *object = type == CAP_ENDPOINT ? &of->receives->head : &of->notification->head;

    *slot = cap_make(thread->component, object, RIGHT_CALL | RIGHT_GRANT, badge);
    return *slot ? STATUS_OK : STATUS_NO_SLOT;
}

static enum status make_thread(struct pool *pool, struct thread *thread, uint32_t *slot)
{
    struct component *of;
    enum status status = find_component(thread, frame_get(&thread->frame, 2), &of);

    return status == STATUS_OK ? pool_make_thread(pool, of, slot) : status;
}

static enum status make(struct thread *thread, struct pool *pool, uint32_t *slot)
{
    uint64_t type = frame_get(&thread->frame, 1);

    switch (type) {
    case CAP_REGION: return pool_make_region(pool, frame_get(&thread->frame, 2), slot);
    case CAP_COMPONENT: return pool_make_component(pool, slot);
    case CAP_THREAD: return make_thread(pool, thread, slot);
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION: return make_cap(pool, thread, type, slot);
    default: return STATUS_BAD_ARGUMENT;
    }
}

enum status sys_pool_create(struct thread *thread, struct cap *cap)
{
    uint32_t slot = 0;
    enum status status = make(thread, CONTAINER_OF(cap->object, struct pool, head), &slot);

    frame_set(&thread->frame, 1, slot);
    return status;
}

static enum status destroy(const struct pool *pool, const struct cap *cap)
{
    if (cap == NULL)
        return STATUS_BAD_SLOT;
    if (cap->type == CAP_REGION && CONTAINER_OF(cap->object, struct region, head)->pool == pool)
        return pool_destroy_region(CONTAINER_OF(cap->object, struct region, head));
    if (cap->type == CAP_COMPONENT && CONTAINER_OF(cap->object, struct component, head)->pool == pool)
        return pool_destroy_component(CONTAINER_OF(cap->object, struct component, head));
    return STATUS_BAD_TYPE;
}

// Repeats itself until the object is gone, with interrupts and other threads in between.
enum status sys_pool_destroy(struct thread *thread, struct cap *cap)
{
    const struct cap *made = cap_at(thread->component, frame_get(&thread->frame, 1));
    enum status status = destroy(CONTAINER_OF(cap->object, struct pool, head), made);

    syscall_finish(thread, status == STATUS_BUSY ? STATUS_REPEAT : status);
    travel_wait_for_copies(thread->core, thread);
    return STATUS_NONE;
}

// --- Mapping ---------------------------------------------------------------------------------

uint64_t sys_map(uint64_t slot, uint64_t whose, uint64_t address, uint64_t rights, uint64_t e, struct thread *thread)
{
    struct component *component = thread->component;
    struct cap *cap = cap_at(component, slot);

    if (!(rights & RIGHT_READ) || rights & ~(uint64_t)(RIGHT_READ | RIGHT_WRITE | RIGHT_EXECUTE))
        return STATUS_BAD_ARGUMENT;
    enum status status = cap_check(cap, CAP_REGION, (uint8_t)rights);

    if (status == STATUS_OK && whose != SLOT_NULL)
        status = find_component(thread, whose, &component);
    if (status != STATUS_OK)
        return status;
    return region_map(CONTAINER_OF(cap->object, struct region, head), component, address, (uint8_t)rights);
}

enum status sys_unmap(struct thread *thread, struct cap *cap)
{
    struct component *component;
    enum status status = find_component(thread, frame_get(&thread->frame, 1), &component);

    if (status == STATUS_OK)
        status = region_unmap(CONTAINER_OF(cap->object, struct region, head), component);
    syscall_finish(thread, status);
    travel_wait_for_copies(thread->core, thread);
    return STATUS_NONE;
}

// --- Wiring ----------------------------------------------------------------------------------

static enum status set_run(struct thread *thread, struct thread *target)
{
    uint64_t priority = frame_get(&thread->frame, 3);

    if (priority == 0 || priority > thread->priority)
        return STATUS_BAD_ARGUMENT;
    target->argument = frame_get(&thread->frame, 2);
    target->priority = (uint8_t)priority;
    return STATUS_OK;
}

static enum status set_handler(struct thread *thread, struct thread *target)
{
    uint64_t reflect = frame_get(&thread->frame, 3);
    struct cap *cap;
    enum status status =
        cap_find_callable(thread->component, frame_get(&thread->frame, 2), CAP_ENDPOINT, &cap);

    if (status != STATUS_OK)
        return status;
    struct endpoint *handler = CONTAINER_OF(cap->object, struct endpoint, head);

    // The pages of a made thread may come back to life as another: only handlers of the layout are kept.
    if (reflect > 1 || handler->receiver->component == target->component || handler < &endpoints[0] ||
        handler >= &endpoints[endpoint_count])
        return STATUS_BAD_ARGUMENT;
    target->handler = handler;
    target->handler_badge = (uint32_t)cap->badge;
    target->reflect = reflect;
    thread_allow_fast_path(target);
    return STATUS_OK;
}

static enum status set_thread(struct thread *thread, uint64_t what)
{
    struct thread *target;
    enum status status = find_thread(thread, frame_get(&thread->frame, 0), &target);

    if (status != STATUS_OK)
        return status;
    if (target->component->core != thread->component->core)
        return STATUS_DENIED;
    if (!component_is_stopped(target->component))
        return STATUS_BUSY;
    if (what != SET_START)
        return what == SET_RUN ? set_run(thread, target) : set_handler(thread, target);
    target->entry = frame_get(&thread->frame, 2);
    target->stack = frame_get(&thread->frame, 3);
    return STATUS_OK;
}

static enum status set_watch(struct thread *thread)
{
    struct component *component;
    enum status status = find_component(thread, frame_get(&thread->frame, 0), &component);

    if (status != STATUS_OK)
        return status;
    if (component->pool == NULL || component->pool->owner != thread->component || component == thread->component)
        return STATUS_BAD_ARGUMENT;
    component->watcher = thread->notification;
    component->watch_bits = frame_get(&thread->frame, 2);
    return STATUS_OK;
}

enum status sys_object_set(struct thread *thread, struct cap *cap)
{
    uint64_t what = frame_get(&thread->frame, 1);

    if (what >= OBJECT_SETS)
        return guest_set_interrupt(thread, what);
    return what == SET_WATCH ? set_watch(thread) : set_thread(thread, what);
}
