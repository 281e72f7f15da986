// Beat: wants to run each millisecond, above everybody else, and keeps how late it was at worst.
// SPDX-License-Identifier: BSD-2-Clause

#include <config.h>
#include <glue.h>
#include <tenon/event_loop.h>

#define PERIOD 1000000ull

static nanos_t next;
static uint64_t beats, worst;

void on_timer_tick(void)
{
    nanos_t late = sys_clock(SLOT_CLOCK) - next;

    beats++;
    if (late > worst)
        worst = late;
    next += PERIOD;
    sys_timer_set(SLOT_TIMER_TICK, next);
}

enum status progress_read(const struct call *call, uint64_t *count, uint64_t *worst_out)
{
    (void)call;
    *count = beats;
    *worst_out = worst;
    return STATUS_OK;
}

int main(void)
{
    next = sys_clock(SLOT_CLOCK) + PERIOD;
    sys_timer_set(SLOT_TIMER_TICK, next);
    event_loop_run();
}
