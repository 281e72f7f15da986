// Time: nanoseconds since boot, and one-shot timers. Needs `needs: [clock]` in the component.yaml.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <config.h>

#include <tenon/event_loop.h>
#include <tenon/panic.h>

#define MICROSECOND ((nanos_t)1000)
#define MILLISECOND ((nanos_t)1000000)
#define SECOND      ((nanos_t)1000000000)

#ifndef SLOT_CLOCK
#error "a component that includes <tenon/time.h> writes `needs: [clock]` in its component.yaml"
#else

ALWAYS_INLINE nanos_t clock_now(void)
{
    return sys_clock(SLOT_CLOCK);
}

// The timer's bit comes once, this long from now.
ALWAYS_INLINE enum status timer_start(slot_t timer, nanos_t delay)
{
    return sys_timer_set(timer, clock_now() + delay);
}

ALWAYS_INLINE enum status timer_cancel(slot_t timer)
{
    return sys_timer_set(timer, 0);
}

// Sleeps in main on a timer of this component, as in sleep_on(TIMER(TICK), 10 * MILLISECOND).
// Calls and other bits wait meanwhile.
#define TIMER(name) SLOT_TIMER_##name, BIT_TIMER_##name

static inline void sleep_until(slot_t timer, uint64_t bit, nanos_t when)
{
    // The bit may be of an earlier time the timer was set to.
    while (clock_now() < when) {
        if (sys_timer_set(timer, when) != STATUS_OK)
            panic("timer in slot %u cannot be set", (unsigned)timer);
        wait_bits(bit);
    }
}

static inline void sleep_on(slot_t timer, uint64_t bit, nanos_t delay)
{
    sleep_until(timer, bit, clock_now() + delay);
}

#endif
