// Capability tables: one flat array per component.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <arch/cpu.h>
#include <kernel/object.h>

// It names an object, and was not revoked.
ALWAYS_INLINE bool cap_is_valid(const struct cap *cap)
{
    return cap->object && cap->generation == cap->object->generation;
}

// What `slot` of `component` names; NULL: nothing.
ALWAYS_INLINE struct cap *cap_at(struct component *component, uint64_t slot)
{
    if (slot >= component->cap_count)
        return NULL;
    struct cap *cap = &component->caps[arch_index(slot, component->cap_count)];

    return cap_is_valid(cap) ? cap : NULL;
}

// What an operation that needs this type (CAP_TYPES: any) and these rights says to what was found.
ALWAYS_INLINE enum status cap_check(const struct cap *cap, enum cap_type type, uint8_t rights)
{
    if (cap == NULL)
        return STATUS_BAD_SLOT;
    if (cap->type != type && type != CAP_TYPES)
        return STATUS_BAD_TYPE;
    return (cap->rights & rights) == rights ? STATUS_OK : STATUS_DENIED;
}

// Both in one. OK only if it holds a valid capability of this type with all
// these rights. The pointer is good until the table changes, that is within this system call.
MUST_CHECK enum status cap_find(struct component *component, uint64_t slot, enum cap_type type, uint8_t rights,
                                struct cap **out);
// The same for an endpoint to call or a notification to signal, here or on another core.
MUST_CHECK enum status cap_find_callable(struct component *component, uint64_t slot, enum cap_type type,
                                         struct cap **out);

// A free dynamic slot, where a revoked capability may stand; 0 when there is none.
uint32_t cap_find_free(const struct component *component);
// Copies `source` to a free dynamic slot of `to`, with the right of its core. Returns the slot, 0 when none is free.
uint32_t cap_install(struct component *to, const struct cap *source);
// The same with a new capability to `object`.
uint32_t cap_make(struct component *to, struct kobject *object, uint8_t rights, uint64_t badge);

// It may go to another core: an endpoint or a notification of the layout, which is there for ever.
bool cap_may_travel(const struct cap *cap);

// Empties the dynamic slots [from, to) that lie in the table.
void cap_clear_dynamic(struct component *component, uint32_t from, uint32_t to);
