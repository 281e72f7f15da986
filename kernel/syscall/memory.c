// System calls that make objects from a pool, map their memory and wire them.
// SPDX-License-Identifier: BSD-2-Clause
#include "handlers.h"

#include <arch/cpu.h>
#include <kernel/cap.h>
#include <kernel/component.h>
#include <kernel/layout.h>
#include <kernel/pool.h>
#include <kernel/travel.h>

static enum status find(struct thread *thread, unsigned argument, enum cap_type type, uint8_t rights,
                        struct kobject **object)
{
    struct cap *cap;
    enum status status = cap_find(thread->component, frame_argument(&thread->frame, argument), type, rights, &cap);

    if (status == STATUS_OK)
        *object = cap->object;
    return status;
}

// A component named by argument `n`, or the caller's own for slot 0.
static enum status find_component(struct thread *thread, unsigned n, struct component **component)
{
    struct kobject *object;

    *component = thread->component;
    if (frame_argument(&thread->frame, n) == SLOT_NULL)
        return STATUS_OK;
    enum status status = find(thread, n, CAP_COMPONENT, RIGHT_WRITE, &object);

    if (status == STATUS_OK)
        *component = CONTAINER_OF(object, struct component, head);
    return status;
}

// The thread named by argument `n`, or the calling one for slot 0.
static enum status find_thread(struct thread *thread, unsigned n, struct thread **out)
{
    struct kobject *object;

    *out = thread;
    if (frame_argument(&thread->frame, n) == SLOT_NULL)
        return STATUS_OK;
    enum status status = find(thread, n, CAP_THREAD, RIGHT_WRITE, &object);

    if (status == STATUS_OK)
        *out = CONTAINER_OF(object, struct thread, head);
    return status;
}

// --- Making ----------------------------------------------------------------------------------

static enum status install(struct thread *thread, struct cap cap, uint32_t *slot)
{
    *slot = cap_install(thread->component, &cap);
    return *slot ? STATUS_OK : STATUS_NO_SLOT;
}

// The thread a new capability leads to: one of the caller's own component, or of one it made.
static enum status find_receiver(struct pool *pool, struct thread *thread, struct thread **of)
{
    enum status status = find_thread(thread, 2, of);

    if (status == STATUS_OK && (*of)->component != thread->component && (*of)->component->pool != pool)
        status = STATUS_DENIED;
    return status;
}

static enum status make_endpoint_cap(struct pool *pool, struct thread *thread, uint32_t *slot)
{
    uint64_t badge = frame_argument(&thread->frame, 3);
    struct thread *of;
    enum status status = find_receiver(pool, thread, &of);

    if (status != STATUS_OK)
        return status;
    if (of->receives == NULL || badge >= of->receives->clients)
        return STATUS_BAD_ARGUMENT;
    return install(thread,
                   (struct cap){.object = &of->receives->head,
                                .generation = of->receives->head.generation,
                                .type = CAP_ENDPOINT,
                                .rights = RIGHT_CALL | RIGHT_GRANT,
                                .badge = badge},
                   slot);
}

static enum status make_notification_cap(struct pool *pool, struct thread *thread, uint32_t *slot)
{
    struct thread *of;
    enum status status = find_receiver(pool, thread, &of);

    if (status != STATUS_OK)
        return status;
    return install(thread,
                   (struct cap){.object = &of->notification->head,
                                .generation = of->notification->head.generation,
                                .type = CAP_NOTIFICATION,
                                .rights = RIGHT_CALL | RIGHT_GRANT,
                                .badge = frame_argument(&thread->frame, 3)},
                   slot);
}

static enum status make_thread(struct pool *pool, struct thread *thread, uint32_t *slot)
{
    struct component *of;
    enum status status = find_component(thread, 2, &of);

    return status == STATUS_OK ? pool_make_thread(pool, thread->component, of, slot) : status;
}

static enum status make(struct thread *thread, uint32_t *slot)
{
    struct kobject *object;
    enum status status = find(thread, 0, CAP_POOL, RIGHT_CALL, &object);

    if (status != STATUS_OK)
        return status;
    struct pool *pool = CONTAINER_OF(object, struct pool, head);

    switch (frame_argument(&thread->frame, 1)) {
    case CAP_REGION: return pool_make_region(pool, thread->component, frame_argument(&thread->frame, 2), slot);
    case CAP_COMPONENT: return pool_make_component(pool, thread->component, slot);
    case CAP_THREAD: return make_thread(pool, thread, slot);
    case CAP_ENDPOINT: return make_endpoint_cap(pool, thread, slot);
    case CAP_NOTIFICATION: return make_notification_cap(pool, thread, slot);
    default: return STATUS_BAD_ARGUMENT;
    }
}

void sys_pool_create(struct core *core, struct thread *thread)
{
    uint32_t slot = 0;
    enum status status = make(thread, &slot);

    (void)core;
    frame_set_result(&thread->frame, 0, status);
    frame_set_result(&thread->frame, 1, slot);
}

static enum status destroy(struct thread *thread)
{
    struct kobject *object;
    struct cap *cap;
    enum status status = find(thread, 0, CAP_POOL, RIGHT_CALL, &object);

    if (status == STATUS_OK)
        status = cap_find_any(thread->component, frame_argument(&thread->frame, 1), &cap);
    if (status != STATUS_OK)
        return status;
    struct pool *pool = CONTAINER_OF(object, struct pool, head);

    if (cap->type == CAP_REGION && CONTAINER_OF(cap->object, struct region, head)->pool == pool)
        return pool_destroy_region(CONTAINER_OF(cap->object, struct region, head));
    if (cap->type == CAP_COMPONENT && CONTAINER_OF(cap->object, struct component, head)->pool == pool)
        return pool_destroy_component(CONTAINER_OF(cap->object, struct component, head));
    return STATUS_BAD_TYPE;
}

// Repeats itself until the object is gone, with interrupts and other threads in between.
void sys_pool_destroy(struct core *core, struct thread *thread)
{
    enum status status = destroy(thread);

    if (status == STATUS_BUSY)
        frame_repeat_syscall(&thread->frame);
    else
        frame_set_result(&thread->frame, 0, status);
    travel_wait_for_copies(core, thread);
}

// --- Mapping ---------------------------------------------------------------------------------

static enum status map(struct thread *thread)
{
    uint64_t rights = frame_argument(&thread->frame, 3);
    struct kobject *region;
    struct component *component;

    if (!(rights & RIGHT_READ) || rights & ~(uint64_t)(RIGHT_READ | RIGHT_WRITE | RIGHT_EXECUTE))
        return STATUS_BAD_ARGUMENT;
    enum status status = find(thread, 0, CAP_REGION, (uint8_t)rights, &region);

    if (status == STATUS_OK)
        status = find_component(thread, 1, &component);
    if (status != STATUS_OK)
        return status;
    return region_map(CONTAINER_OF(region, struct region, head), component, frame_argument(&thread->frame, 2),
                      (uint8_t)rights);
}

void sys_map(struct core *core, struct thread *thread)
{
    (void)core;
    frame_set_result(&thread->frame, 0, map(thread));
}

void sys_unmap(struct core *core, struct thread *thread)
{
    struct kobject *region;
    struct component *component;
    enum status status = find(thread, 0, CAP_REGION, 0, &region);

    if (status == STATUS_OK)
        status = find_component(thread, 1, &component);
    if (status == STATUS_OK)
        status = region_unmap(CONTAINER_OF(region, struct region, head), component);
    frame_set_result(&thread->frame, 0, status);
    travel_wait_for_copies(core, thread);
}

// --- Wiring ----------------------------------------------------------------------------------

static enum status set_run(struct thread *thread, struct thread *target)
{
    uint64_t priority = frame_argument(&thread->frame, 3);

    if (priority == 0 || priority > thread->priority)
        return STATUS_BAD_ARGUMENT;
    target->argument = frame_argument(&thread->frame, 2);
    target->priority = (uint8_t)priority;
    return STATUS_OK;
}

static enum status set_handler(struct thread *thread, struct thread *target)
{
    uint64_t reflect = frame_argument(&thread->frame, 3);
    struct cap *cap;
    enum status status =
        cap_find_callable(thread->component, frame_argument(&thread->frame, 2), CAP_ENDPOINT, &cap);

    if (status != STATUS_OK)
        return status;
    struct endpoint *handler = CONTAINER_OF(cap->object, struct endpoint, head);

    if (reflect > 1 || handler->receiver->component == target->component)
        return STATUS_BAD_ARGUMENT;
    // The pages of a made thread may come back to life as another: only handlers of the layout are kept.
    if (handler < &endpoints[0] || handler >= &endpoints[endpoint_count])
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
    enum status status = find_thread(thread, 0, &target);

    if (status != STATUS_OK)
        return status;
    if (target->component->core != thread->component->core)
        return STATUS_DENIED;
    if (!component_is_stopped(target->component))
        return STATUS_BUSY;
    if (what == SET_RUN)
        return set_run(thread, target);
    if (what == SET_HANDLER)
        return set_handler(thread, target);
    target->entry = frame_argument(&thread->frame, 2);
    target->stack = frame_argument(&thread->frame, 3);
    return STATUS_OK;
}

static enum status set_watch(struct thread *thread)
{
    struct component *component;
    enum status status = find_component(thread, 0, &component);

    if (status != STATUS_OK)
        return status;
    if (component->pool == NULL || component->pool->owner != thread->component || component == thread->component)
        return STATUS_BAD_ARGUMENT;
    component->watcher = thread->notification;
    component->watch_bits = frame_argument(&thread->frame, 2);
    return STATUS_OK;
}

void sys_object_set(struct core *core, struct thread *thread)
{
    uint64_t what = frame_argument(&thread->frame, 1);
    enum status status;

    (void)core;
    if (what >= OBJECT_SETS)
        status = STATUS_BAD_ARGUMENT;
    else
        status = what == SET_WATCH ? set_watch(thread) : set_thread(thread, what);
    frame_set_result(&thread->frame, 0, status);
}
