// Timers of one core: a binary heap by deadline, and what the hardware timer is set to.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

#define NEVER UINT64_MAX

// Arms or re-arms the timer for `deadline`. The caller lets the hardware timer be set (core->rearm or timer_program).
void timer_arm(struct core *core, struct timer *timer, nanos_t deadline);
// Disarms it, if it was armed.
void timer_cancel(struct core *core, struct timer *timer);

// Sets the hardware timer to the next thing that has to happen: a timer, a tick, the end of the active budget.
void timer_program(struct core *core);

// The hardware timer fired: delivers all that is due.
void timer_interrupt(struct core *core);
