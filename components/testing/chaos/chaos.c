// Chaos: ends each target `kills` times, at points that a seed chooses.
//
// At each point it looks every few microseconds whether some thread's call is being worked on by the target,
// or, when the seed says so, whether one of the instances of `during` has ended or is being restarted, or whether
// the target is in the middle of a call itself, and kills the target then; after `patience` it kills all the same. Each kill is logged with what was seen, and
// at the end how often each instance was started, so a test can count. It runs above all that it kills.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>
#include <string.h>

#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#include <system_table.h>

#define LOOK_EVERY (20 * MICROSECOND)
#define NOBODY     UINT32_MAX

struct names {
    unsigned count;
    uint32_t instances[SYSTEM_INSTANCES];
};

// What a kill waits for.
enum moment { REQUEST, ENDED, RESTARTING, INSIDE };

static struct names targets, during;
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

static void read_names(const char *at, struct names *names)
{
    while (*at != 0) {
        size_t length = strcspn(at, " ");

        if (length != 0 && names->count < SYSTEM_INSTANCES)
            names->instances[names->count++] = instance_called(at, length);
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

// The instance that works on a call of one of the target's threads; NOBODY without one.
static uint32_t callee_of(uint32_t target)
{
    for (uint64_t thread = 0;; thread++) {
        struct sys_result result = sys_inspect(SLOT_INSPECT, INSPECT_THREAD, thread, 0);

        if (result.status != STATUS_OK)
            return NOBODY;
        if (result.values[0] == target && result.values[3] != 0)
            return (uint32_t)result.values[3] - 1;
    }
}

static struct component_report report_of(uint32_t instance)
{
    struct component_report report;
    enum status status =
        report_from_result(sys_inspect(SLOT_INSPECT, INSPECT_COMPONENT, instance, 0), &report);

    if (status != STATUS_OK)
        panic("%s cannot be looked at: status %d", system_instances[instance].name, (int)status);
    return report;
}

static bool is_ready(uint32_t target)
{
    struct component_report report = report_of(target);

    return report_is_ready(&report);
}

// One of `during` that has ended, or is being restarted; NOBODY without one.
static uint32_t one_that(enum moment moment)
{
    for (unsigned i = 0; i < during.count; i++) {
        struct component_report report = report_of(during.instances[i]);
        enum component_state state = report_state(&report);

        if (state != COMPONENT_RUNNING && (state == COMPONENT_RESTARTING) == (moment == RESTARTING))
            return during.instances[i];
    }
    return NOBODY;
}

static void wait_until_ready(uint32_t target)
{
    while (!is_ready(target))
        sleep_on(TIMER(POINT), MILLISECOND);
}

static void wait_for_point(uint32_t target)
{
    nanos_t delay = CONFIG_EVERY != 0 ? CONFIG_EVERY : MILLISECOND + next_random() % CONFIG_GAP;

    sleep_on(TIMER(POINT), delay);
    wait_until_ready(target);
}

static uint32_t seen(enum moment moment, uint32_t target)
{
    switch (moment) {
    case REQUEST: return caller_of(target);
    case INSIDE: return callee_of(target);
    default: return one_that(moment);
    }
}

// Waits for the moment, at most for the patience. Who is in it, or NOBODY.
static uint32_t wait_for_moment(enum moment moment, uint32_t target)
{
    nanos_t end = clock_now() + CONFIG_PATIENCE;
    uint32_t who;

    while ((who = seen(moment, target)) == NOBODY && CONFIG_EVERY == 0 && clock_now() < end)
        sleep_on(TIMER(LOOK), LOOK_EVERY);
    if (moment == ENDED && who != NOBODY)
        sleep_on(TIMER(LOOK), next_random() % CONFIG_DEPTH);
    return who;
}

// A supervisor that ends meanwhile, perhaps by another chaos, is asked again: an instance that waits for its
// restart is not ended twice.
static void kill_now(uint32_t target)
{
    enum status status;

    while ((status = control_kill(system_instances[target].name)) == STATUS_PEER_DIED)
        ;
    if (status != STATUS_OK)
        panic("%s cannot be killed: status %d", system_instances[target].name, (int)status);
}

static enum moment next_moment(void)
{
    if (during.count != 0)
        return (enum moment)(next_random() % INSIDE);
    return CONFIG_INSIDE && next_random() % 2 != 0 ? INSIDE : REQUEST;
}

static void kill(uint32_t target, unsigned number)
{
    static const char *const moments[] = {"in flight", "ended", "restarting", "inside"};
    enum moment moment = next_moment();

    wait_for_point(target);
    uint32_t who = wait_for_moment(moment, target);

    kill_now(target);
    log_info("kill %u of %s, %s: %s", number, system_instances[target].name, moments[moment],
             who == NOBODY ? "nothing" : system_instances[who].name);
}

static void say_starts(void)
{
    for (unsigned i = 0; i < targets.count; i++)
        wait_until_ready(targets.instances[i]);
    for (uint32_t i = 0; i < SYSTEM_INSTANCES; i++)
        log_info("starts of %s: %" PRIu64, system_instances[i].name, report_of(i).generation);
}

// All targets in turn, so that each kill meets a system that recovers from the one before.
static void run(void)
{
    for (unsigned number = 1; number <= CONFIG_KILLS; number++) {
        for (unsigned i = 0; i < targets.count; i++)
            kill(targets.instances[i], number);
    }
    if (during.count != 0)
        say_starts();
    log_info("done, %u kills", (unsigned)CONFIG_KILLS * targets.count);
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
    read_names(CONFIG_TARGETS, &targets);
    read_names(CONFIG_DURING, &during);
    run();
    event_loop_run();
}
