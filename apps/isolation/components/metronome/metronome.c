// Metronome: a periodic component. A period's deadline is the beginning of the next one.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <tenon/panic.h>
#include <tenon/time.h>

#define PERIOD MILLISECOND

static nanos_t begins;  // the period that is waited for
static uint64_t periods, missed, latest;

static void wait_for_next(void)
{
    if (sys_timer_set(SLOT_TIMER_BEAT, begins) != STATUS_OK)
        panic("the timer cannot be set");
}

void on_timer_beat(void)
{
    nanos_t late = clock_now() - begins;

    periods++;
    if (late > latest)
        latest = late;
    missed += late / PERIOD;
    begins += (1 + late / PERIOD) * PERIOD;
    wait_for_next();
}

enum status beats_report(const struct call *call, uint64_t *out_periods, uint64_t *out_missed,
                         uint64_t *out_latest)
{
    (void)call;
    *out_periods = periods;
    *out_missed = missed;
    *out_latest = latest;
    return STATUS_OK;
}

int main(void)
{
    begins = clock_now() + PERIOD;
    wait_for_next();
    event_loop_run();
}
