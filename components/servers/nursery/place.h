// A place: room for one component that was made at run time, with its memory and whatever its maker wants to
// know about it again.
//
// Memory is filled through one window in our own addresses, before the component has it; from then on only
// the component does. Invariant: a place is free, or its serial names the one component that is in it. What
// is made belongs to the pool, so that taking down never fails. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <glue.h>

#define PLACES       16  // as many as the pool of component.yaml has threads
#define MEMORIES_MAX 8   // ranges of one component
#define NOTE_BYTES   128
#define SLOTS_LAST   31  // of a component: those above are for what it receives itself

struct memory {
    slot_t region;
    uint64_t address, bytes;
    enum nursery_use use;
};

struct place {
    struct nursery_place seen;  // what others see of it
    slot_t component, thread;
    struct memory memories[MEMORIES_MAX];
    unsigned memory_count;
    uint8_t note[NOTE_BYTES];
    size_t note_bytes;
};

// The place with that number; NULL beyond the last.
struct place *place_at(uint32_t number);

// The one that this serial names; NULL if it is gone. 0 names none.
struct place *place_called(uint64_t serial);

// In a free place. NURSERY_ERROR_NO_MEMORY leaves it free.
MUST_CHECK enum status place_make(struct place *place, uint64_t serial);

// The rest is for what is made and does not run yet.
MUST_CHECK enum status place_add(struct place *place, uint64_t address, uint64_t bytes, enum nursery_use use);
MUST_CHECK enum status place_fill(struct place *place, uint64_t address, const struct lend *data);
MUST_CHECK enum status place_give(struct place *place, uint32_t slot, bool may_grant, slot_t capability);
MUST_CHECK enum status place_start(struct place *place, uint64_t entry, uint64_t stack, uint8_t priority);

// Looks whether it still runs. True when that changed.
bool place_look(struct place *place);

void place_stop(struct place *place);
void place_discard(struct place *place);
