// Pools: objects made at run time, from pages that the layout set aside for their owner.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

// Each makes an object and installs a capability to it in the pool's owner; *slot is its slot. Nothing changes on failure.
MUST_CHECK enum status pool_make_region(struct pool *pool, uint64_t pages, uint32_t *slot);
MUST_CHECK enum status pool_make_component(struct pool *pool, uint32_t *slot);
MUST_CHECK enum status pool_make_thread(struct pool *pool, struct component *of, uint32_t *slot);

// Maps all of a region made from a pool; page tables come from the pool of `component`.
MUST_CHECK enum status region_map(struct region *region, struct component *component, uaddr_t address,
                                  uint8_t rights);
// Ends that mapping. One bounded piece at a time: BUSY as long as there is more to do.
MUST_CHECK enum status region_unmap(struct region *region, struct component *component);

// Takes an object apart, one bounded piece at a time: BUSY as long as there is more to do.
MUST_CHECK enum status pool_destroy_region(struct region *region);
MUST_CHECK enum status pool_destroy_component(struct component *component);

// The owner ended: the components it made end too. One bounded piece; true when none is left running.
bool pool_end_step(struct component *owner);
// The owner starts anew: all that it made goes. One bounded piece; true when done.
bool pool_reset_step(struct component *owner);
