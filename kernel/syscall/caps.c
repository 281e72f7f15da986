// System calls on capabilities.
// SPDX-License-Identifier: BSD-2-Clause
#include "handlers.h"

#include <arch/cpu.h>
#include <kernel/cap.h>
#include <kernel/component.h>

enum status sys_cap_drop(struct thread *thread, struct cap *cap)
{
    struct component *component = thread->component;
    uint64_t slot = frame_get(&thread->frame, 0);

    if (slot < component->cap_dynamic || slot >= component->cap_count)
        return STATUS_BAD_SLOT;
    cap_clear_dynamic(component, (uint32_t)slot, (uint32_t)slot + 1);
    return STATUS_OK;
}

// All capabilities to the object, this one too, are stale at once. Whoever has to go on gets a new one.
enum status sys_cap_revoke(struct thread *thread, struct cap *cap)
{
    __atomic_fetch_add(&cap->object->generation, 1, __ATOMIC_RELAXED); // another core may revoke it too
    return STATUS_OK;
}

enum status sys_cap_copy(struct thread *thread, struct cap *cap)
{
    uint64_t slot = frame_get(&thread->frame, 2);
    uint8_t rights = (uint8_t)frame_get(&thread->frame, 3);
    struct cap *target, copied = *cap;
    enum status status = cap_find(thread->component, frame_get(&thread->frame, 1), CAP_COMPONENT, RIGHT_WRITE, &target);

    if (status != STATUS_OK)
        return status;
    struct component *component = CONTAINER_OF(target->object, struct component, head);

    if (slot < component->cap_dynamic || slot >= component->cap_count)
        return STATUS_BAD_ARGUMENT;
    if (component_is_ending(component))
        return STATUS_BUSY;
    // Who gives the right to call gives it wherever the object is at home.
    if (rights & RIGHT_CALL && (copied.type == CAP_ENDPOINT || copied.type == CAP_NOTIFICATION))
        rights |= RIGHT_CALL_ACROSS;
    copied.rights &= rights;
    component->caps[arch_index(slot, component->cap_count)] = copied;
    return STATUS_OK;
}
