// Capability tables. A lookup is a bounds check, one load of the slot and one generation compare.
// Invariant: slot 0 is empty; slots below cap_dynamic never change after boot.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/cap.h>

#include <arch/cpu.h>
#include <kernel/layout.h>

enum status cap_find(struct component *component, uint64_t slot, enum cap_type type, uint8_t rights,
                     struct cap **out)
{
    *out = cap_at(component, slot);
    return cap_check(*out, type, rights);
}

enum status cap_find_callable(struct component *component, uint64_t slot, enum cap_type type, struct cap **out)
{
    enum status status = cap_find(component, slot, type, 0, out);

    if (status == STATUS_OK && !((*out)->rights & (RIGHT_CALL | RIGHT_CALL_ACROSS)))
        return STATUS_DENIED;
    return status;
}

// Where a call or a signal through it goes to; NULL for other types.
static struct core *home_of(const struct cap *cap)
{
    if (cap->type == CAP_ENDPOINT)
        return CONTAINER_OF(cap->object, struct endpoint, head)->receiver->component->core;
    if (cap->type == CAP_NOTIFICATION)
        return CONTAINER_OF(cap->object, struct notification, head)->receiver->component->core;
    return NULL;
}

static struct cap for_core(const struct cap *source, const struct core *core)
{
    const uint8_t both = RIGHT_CALL | RIGHT_CALL_ACROSS;
    struct cap cap = *source;

    if (home_of(source) == NULL || !(cap.rights & both))
        return cap;
    cap.rights = (uint8_t)((cap.rights & ~both) | (home_of(source) == core ? RIGHT_CALL : RIGHT_CALL_ACROSS));
    return cap;
}

bool cap_may_travel(const struct cap *cap)
{
    const struct kobject *object = cap->object;

    if (cap->type == CAP_ENDPOINT)
        return object >= &endpoints[0].head && object < &endpoints[endpoint_count].head;
    return cap->type == CAP_NOTIFICATION && object >= &notifications[0].head &&
           object < &notifications[notification_count].head;
}

uint32_t cap_find_free(const struct component *component)
{
    for (uint32_t slot = component->cap_dynamic; slot < component->cap_count; slot++) {
        if (!cap_is_valid(&component->caps[slot]))
            return slot;
    }
    return 0;
}

uint32_t cap_install(struct component *to, const struct cap *source)
{
    uint32_t slot = cap_find_free(to);

    if (slot)
        to->caps[slot] = for_core(source, to->core);
    return slot;
}

uint32_t cap_make(struct component *to, struct kobject *object, uint8_t rights, uint64_t badge)
{
    struct cap cap = {object, object->generation, object->type, rights, .badge = badge};

    return cap_install(to, &cap);
}

void cap_clear_dynamic(struct component *component, uint32_t from, uint32_t to)
{
    if (from < component->cap_dynamic)
        from = component->cap_dynamic;
    for (uint32_t slot = from; slot < to && slot < component->cap_count; slot++)
        component->caps[slot] = (struct cap){0};
}
