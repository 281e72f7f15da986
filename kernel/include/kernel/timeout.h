// Call timeouts: counted down once per granule, so that a call costs a store and nothing else.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

// A granule has passed: starts a round over all threads.
void timeout_tick(struct core *core, nanos_t now);
// Goes on with the round for a bounded number of threads.
void timeout_step(struct core *core);
// The core leaves idleness: threads will run, so ticks are needed again.
void timeout_wake(struct core *core);
