// Chaos: ends each target `kills` times, at points that a seed chooses.
//
// At each point it looks every few microseconds whether some thread's call is being worked on by the target,
// and kills it then; after `patience` it kills all the same. Each kill is logged with what was in flight, so
// a test can count. It runs above all that it kills. SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <string.h>

#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#include <system_table.h>

#define LOOK_EVERY (20 * MICROSECOND)
#define NOBODY     UINT32_MAX

static uint32_t targets[SYSTEM_INSTANCES];
static unsigned target_count;
static uint64_t random_state = CONFIG_SEED * 2 + 1;

// xorshift64* (Marsaglia 2003, Vigna 2016): repeatable, which is all that matters here.
static uint64_t next_random(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * 0x2545f4914f6cdd1dull;
}

static uint32_t instance_called(const char *name, size_t length)
{
    for (uint32_t i = 0; i < SYSTEM_INSTANCES; i++) {
        if (strlen(system_instances[i].name) == length && memcmp(system_instances[i].name, name, length) == 0)
            return i;
    }
    panic("no instance has the name that begins `%s`", name);
}

static void read_targets(void)
{
    const char *at = CONFIG_TARGETS;

    while (*at != 0) {
        size_t length = strcspn(at, " ");

        if (length != 0 && target_count < SYSTEM_INSTANCES)
            targets[target_count++] = instance_called(at, length);
        at += length + (at[length] == ' ');
    }
}

// The instance of a thread whose call the target has received and not answered; NOBODY without one.
static uint32_t caller_of(uint32_t target)
{
    for (uint64_t thread = 0;; thread++) {
        struct sys_result result = sys_inspect(SLOT_INSPECT, INSPECT_THREAD, thread, 0);

        if (result.status != STATUS_OK)
            return NOBODY;
        if (result.values[3] == target + 1ull)
            return (uint32_t)result.values[0];
    }
}

static bool is_ready(uint32_t target)
{
    struct component_report report;

    return report_from_result(sys_inspect(SLOT_INSPECT, INSPECT_COMPONENT, target, 0), &report) ==
               STATUS_OK &&
           report_is_ready(&report);
}

static void wait_for_point(uint32_t target)
{
    nanos_t delay = CONFIG_EVERY != 0 ? CONFIG_EVERY : MILLISECOND + next_random() % CONFIG_GAP;

    sleep_on(TIMER(POINT), delay);
    while (!is_ready(target))
        sleep_on(TIMER(POINT), MILLISECOND);
}

// Waits for a request in flight, at most for the patience.
static uint32_t wait_for_request(uint32_t target)
{
    nanos_t end = clock_now() + CONFIG_PATIENCE;
    uint32_t caller;

    while ((caller = caller_of(target)) == NOBODY && CONFIG_EVERY == 0 && clock_now() < end)
        sleep_on(TIMER(LOOK), LOOK_EVERY);
    return caller;
}

static void kill(uint32_t target, unsigned number)
{
    wait_for_point(target);
    uint32_t caller = wait_for_request(target);
    enum status status = control_kill(system_instances[target].name);

    if (status != STATUS_OK)
        panic("%s cannot be killed: status %d", system_instances[target].name, (int)status);
    log_info("kill %u of %s, in flight: %s", number, system_instances[target].name,
             caller == NOBODY ? "nothing" : system_instances[caller].name);
}

// All targets in turn, so that each kill meets a system that recovers from the one before.
static void run(void)
{
    for (unsigned number = 1; number <= CONFIG_KILLS; number++) {
        for (unsigned i = 0; i < target_count; i++)
            kill(targets[i], number);
    }
    log_info("done, %u kills", (unsigned)CONFIG_KILLS * target_count);
}

void on_timer_point(void)
{
    // Of a wait that is over.
}

void on_timer_look(void)
{
}

int main(void)
{
    ready();
    read_targets();
    run();
    event_loop_run();
}
