// Director: ends each target `kills` times, and turns the machine off when no writer runs any more and no
// leaver will leave.
//
// At a random point it looks every few microseconds whether some thread's call is being worked on by the
// target, and ends it then. Each end is logged with whose call it was, so a test can count. It runs above all
// that it ends. SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>
#include <string.h>

#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#include <system_table.h>

#define LOOK_EVERY (20 * MICROSECOND)
#define PATIENCE   (5 * SECOND)         // with which it waits for a request
#define LAST_WORDS (500 * MILLISECOND)  // for the console's driver, to write down what is on its way
#define NOBODY     UINT32_MAX

static uint32_t targets[SYSTEM_INSTANCES];
static unsigned target_count;
static uint64_t random_state = CONFIG_SEED * 2 + 1;

// xorshift64* (Marsaglia 2003, Vigna 2016).
static uint64_t next_random(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * 0x2545f4914f6cdd1dull;
}

// --- The others -----------------------------------------------------------------------

static void read_report(uint32_t instance, struct component_report *report)
{
    if (report_from_result(sys_inspect(SLOT_INSPECT, INSPECT_COMPONENT, instance, 0), report) != STATUS_OK)
        panic("%s cannot be seen", system_instances[instance].name);
}

static bool is_ready(uint32_t instance)
{
    struct component_report report;

    read_report(instance, &report);
    return report_is_ready(&report);
}

// True: none runs; *failed tells whether one ended otherwise than with 0.
static bool writers_have_ended(bool *failed)
{
    *failed = false;
    for (uint32_t i = 0; i < SYSTEM_INSTANCES; i++) {
        struct component_report report;

        if (strcmp(system_instances[i].component, "writer") != 0)
            continue;
        read_report(i, &report);
        if (report_state(&report) == COMPONENT_RUNNING)
            return false;
        *failed |= report_state(&report) != COMPONENT_EXITED || report.fault_address != 0;
    }
    return true;
}

// A leaver is ready in its last life only.
static bool leavers_stay(void)
{
    for (uint32_t i = 0; i < SYSTEM_INSTANCES; i++) {
        if (strcmp(system_instances[i].component, "leaver") == 0 && !is_ready(i))
            return false;
    }
    return true;
}

static void end_if_over(void)
{
    bool failed;

    if (!writers_have_ended(&failed) || (!failed && !leavers_stay()))
        return;
    log_info("%s", failed ? "a writer failed" : "all writers have ended well");
    sleep_on(TIMER(POINT), LAST_WORDS);
    (void)!sys_power(SLOT_POWER, POWER_OFF, failed);
    panic("the machine cannot be turned off");
}

// The instance of a thread whose call the target works on; NOBODY without one.
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

// --- Ending them ----------------------------------------------------------------------

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

static void wait_for_point(uint32_t target)
{
    nanos_t delay = CONFIG_EVERY != 0 ? CONFIG_EVERY : MILLISECOND + next_random() % CONFIG_GAP;

    sleep_on(TIMER(POINT), delay);
    while (!is_ready(target))
        sleep_on(TIMER(POINT), MILLISECOND);
}

static uint32_t wait_for_request(uint32_t target)
{
    nanos_t end = clock_now() + PATIENCE;
    uint32_t caller;

    while ((caller = caller_of(target)) == NOBODY && CONFIG_EVERY == 0 && clock_now() < end) {
        end_if_over();
        sleep_on(TIMER(LOOK), LOOK_EVERY);
    }
    return caller;
}

static void kill(uint32_t target, unsigned number)
{
    wait_for_point(target);
    uint32_t caller = wait_for_request(target);
    const char *name = system_instances[target].name;

    end_if_over();
    enum status status = control_kill(name);

    if (status != STATUS_OK)
        panic("%s cannot be ended: status %d", name, (int)status);
    log_info("kill %u of %s, in flight: %s", number, name,
             caller == NOBODY ? "nothing" : system_instances[caller].name);
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
    for (unsigned number = 1; number <= CONFIG_KILLS; number++) {
        for (unsigned i = 0; i < target_count; i++)
            kill(targets[i], number);
    }
    for (;;) {
        end_if_over();
        sleep_on(TIMER(POINT), 10 * MILLISECOND);
    }
}
