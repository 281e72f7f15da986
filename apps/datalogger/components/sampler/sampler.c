// Sampler: each period the time of day and a value, as one record in the log store.
//
// Every step is repeated until it succeeds or the server was given up, so the death of a driver is a delay and nothing else.
// A record keeps its id until it is acknowledged; the store makes sure that no id is there twice.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>
#include <stdio.h>

#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#define PAUSE (10 * MILLISECOND) // before a failed step is repeated

static uint64_t next_id;
static nanos_t next_tick;

// Whether a step that ended with this status is worth repeating; waits a little if so.
static bool try_again(const char *step, enum status status)
{
    if (status == STATUS_OK || status == STATUS_PEER_GONE)
        return false;
    log_debug("%s: status %d", step, (int)status);
    sleep_on(TIMER(PAUSE), PAUSE);
    return true;
}

static void sample(uint64_t *seconds, char text[64])
{
    uint8_t random[32];
    enum status status;

    do
        status = time_now(seconds);
    while (try_again("clock", status));
    if (status != STATUS_OK)
        *seconds = 0;

    do
        status = random_read(random);
    while (try_again("random", status));
    if (status == STATUS_OK)
        snprintf(text, 64, "sample %" PRIu64 ": %02x%02x%02x%02x", next_id, random[0], random[1], random[2], random[3]);
    else
        snprintf(text, 64, "sample %" PRIu64 ": no value", next_id);
}

// Tells each record that is safe, when there is a console to tell it to. After a driver's restart a line may come twice.
static void announce(uint64_t sequence)
{
    char text[64];
    int bytes = snprintf(text, sizeof text, "acknowledged %" PRIu64 " as %" PRIu64 "\n", next_id, sequence);

    while (CONSOLE_IS_CONNECTED && try_again("console", console_write(text, (size_t)bytes)))
        ;
}

static void keep(uint64_t seconds, const char *text)
{
    uint64_t sequence;
    enum status status;

    do
        status = store_append(next_id, seconds, text, &sequence);
    while (try_again("store", status));
    if (status != STATUS_OK)
        panic("the store was given up");
    announce(sequence);
    next_id++;
}

// A tick that came late is followed by the next one in time, not by a burst of those that were missed.
static void set_tick(void)
{
    nanos_t now = clock_now();

    next_tick += CONFIG_INTERVAL;
    if (next_tick < now)
        next_tick = now;
    if (sys_timer_set(SLOT_TIMER_TICK, next_tick) != STATUS_OK)
        panic("the timer cannot be set");
}

void on_timer_tick(void)
{
    char text[64];
    uint64_t seconds;

    sample(&seconds, text);
    keep(seconds, text);
    set_tick();
}

void on_console_typed(void)
{
    // Not for us.
}

void on_timer_pause(void)
{
    // Of a pause that is over.
}

int main(void)
{
    enum status status;

    do
        status = store_last(&next_id);
    while (try_again("store", status));
    if (status != STATUS_OK)
        panic("the store was given up");
    next_id++;
    log_info("begins with sample %" PRIu64, next_id);
    next_tick = clock_now();
    set_tick();
    event_loop_run();
}
