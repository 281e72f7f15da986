// See kept.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "kept.h"

#include <glue.h>

#include <tenon/log.h>
#include <tenon/persistent.h>

#ifdef REGION_KEPT_BASE

struct record {
    uint32_t valid;  // the copy that counts; another number than 0 and 1: neither
    struct policy copies[2];
};

_Static_assert(sizeof(struct record) * INSTANCE_CHILDREN <= REGION_KEPT_BYTES,
               "the region `kept` holds all children");

static struct record *record_of(unsigned child)
{
    return (struct record *)REGION_KEPT_BASE + child;
}

void kept_load(unsigned child, struct policy *policy, nanos_t now)
{
    const struct record *record = record_of(child);

    if (record->valid < 2) {
        *policy = record->copies[record->valid];
        policy->pinged = policy->in_grace = false;
        if (policy_is_sound(policy, &instance_children[child], now))
            return;
    }
    log_error("%s: what was kept makes no sense and is gone", instance_children[child].name);
    *policy = (struct policy){0};
}

void kept_save(unsigned child, const struct policy *policy)
{
    struct record *record = record_of(child);
    uint32_t next = record->valid == 0;

    record->copies[next] = *policy;
    persistent_order();
    record->valid = next;
    persistent_order();
}

#else

void kept_load(unsigned child, struct policy *policy, nanos_t now)
{
    (void)child;
    (void)now;
    *policy = (struct policy){0};
}

void kept_save(unsigned child, const struct policy *policy)
{
    (void)child;
    (void)policy;
}

#endif
