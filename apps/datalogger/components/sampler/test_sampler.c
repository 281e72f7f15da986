// Host test of the sampler: whatever its servers do, each id is stored once and none is left out.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <glue.h>

#include <tenon/time.h>

static uint64_t stored[1000];
static unsigned stored_count;
static uint64_t last_id;
static unsigned refusals;               // appends that fail before one succeeds
static enum status random_status;
static char console[4096];
static size_t console_bytes;

enum status peer_time_now(const struct call *call, uint64_t *seconds)
{
    (void)call;
    *seconds = 1700000000;
    return STATUS_OK;
}

enum status peer_random_read(const struct call *call, uint8_t data[32])
{
    (void)call;
    memset(data, 0xab, 32);
    return random_status;
}

enum status peer_store_append(const struct call *call, uint64_t id, uint64_t seconds, const char *text, uint64_t *sequence)
{
    (void)call;
    CHECK_EQUAL(seconds, 1700000000);
    CHECK(strncmp(text, "sample ", 7) == 0 && strstr(text, ": abababab") != NULL);
    if (refusals > 0) {
        refusals--;
        return LOG_STORE_ERROR_IO;
    }
    *sequence = stored_count;
    stored[stored_count++] = id;
    return STATUS_OK;
}

enum status peer_store_last(const struct call *call, uint64_t *id)
{
    (void)call;
    *id = last_id;
    return STATUS_OK;
}

enum status peer_store_bounds(const struct call *call, uint64_t *oldest, uint64_t *next)
{
    (void)call, (void)oldest, (void)next;
    return STATUS_OK;
}

enum status peer_store_read(const struct call *call, uint64_t sequence, struct log_store_record *record)
{
    (void)call, (void)sequence, (void)record;
    return LOG_STORE_ERROR_ABSENT;
}

enum status peer_console_write(const struct call *call, const struct lend *text)
{
    (void)call;
    CHECK_EQUAL(lend_read(text, 0, console + console_bytes, text->bytes), STATUS_OK);
    console_bytes += text->bytes;
    return STATUS_OK;
}

void on_peer_log_lines(void)
{
}

int component_main(void);

static void start(void)
{
    component_main();
}

static void tick(void)
{
    host_time += CONFIG_INTERVAL;
    host_bits(BIT_TIMER_TICK);
}

TEST(it_goes_on_behind_the_last_id_of_the_store)
{
    last_id = 41;
    CHECK(host_run(start) == HOST_IDLE);
    tick();
    tick();
    CHECK(stored_count == 2 && stored[0] == 42 && stored[1] == 43);
    CHECK(strcmp(console, "acknowledged 42 as 0\nacknowledged 43 as 1\n") == 0);
}

static void pass_the_pause(void)
{
    host_time = host_timers[SLOT_TIMER_PAUSE];
    host_push_bits(BIT_TIMER_PAUSE);
}

TEST(an_append_that_fails_is_repeated_with_the_same_id)
{
    CHECK(host_run(start) == HOST_IDLE);
    host_on_idle = pass_the_pause;
    refusals = 20;
    tick();
    tick();
    CHECK(refusals == 0 && stored_count == 2 && stored[0] == 1 && stored[1] == 2);
}

TEST(the_death_of_a_server_during_a_call_is_a_delay)
{
    CHECK(host_run(start) == HOST_IDLE);
    host_next_call = STATUS_PEER_DIED; // of the clock: the stub calls again
    tick();
    CHECK(stored_count == 1 && stored[0] == 1);
}

TEST(ticks_that_came_late_are_not_caught_up_with)
{
    CHECK(host_run(start) == HOST_IDLE);
    host_time += 100 * CONFIG_INTERVAL;
    tick();
    CHECK(host_timers[SLOT_TIMER_TICK] >= host_time);
}
