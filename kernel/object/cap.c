// Capability tables. A lookup is a bounds check, one load of the slot and one generation compare.
// Invariant: slot 0 is empty; slots below cap_dynamic never change after boot.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/cap.h>

#include <arch/cpu.h>

enum status cap_find_any(struct component *component, uint64_t slot, struct cap **out)
{
    if (slot >= component->cap_count)
        return STATUS_BAD_SLOT;
    struct cap *cap = &component->caps[arch_index(slot, component->cap_count)];

    if (cap->object == NULL || cap->generation != cap->object->generation)
        return STATUS_BAD_SLOT;
    *out = cap;
    return STATUS_OK;
}

enum status cap_find(struct component *component, uint64_t slot, enum cap_type type, uint8_t rights,
                     struct cap **out)
{
    enum status status = cap_find_any(component, slot, out);

    if (status != STATUS_OK)
        return status;
    if ((*out)->type != type)
        return STATUS_BAD_TYPE;
    if (((*out)->rights & rights) != rights)
        return STATUS_DENIED;
    return STATUS_OK;
}

uint32_t cap_install(struct component *to, const struct cap *source)
{
    for (uint32_t slot = to->cap_dynamic; slot < to->cap_count; slot++) {
        struct cap *cap = &to->caps[slot];

        // A revoked capability leaves its slot to the next.
        if (cap->object == NULL || cap->generation != cap->object->generation) {
            *cap = *source;
            return slot;
        }
    }
    return 0;
}

void cap_clear_dynamic(struct component *component, uint32_t from, uint32_t to)
{
    if (from < component->cap_dynamic)
        from = component->cap_dynamic;
    for (uint32_t slot = from; slot < to && slot < component->cap_count; slot++)
        component->caps[slot] = (struct cap){0};
}
