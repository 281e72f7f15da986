// Director: lets the rogue misbehave in each way, some rounds long; after each round the rogue serves again,
// and of all the others nobody was restarted and no memory changed. Any failure is a panic. At the end it
// tells the checksums, the slowest recovery, and how many deadlines were missed: none, if the processor's
// time is its own.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>
#include <string.h>

#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#include <system_table.h>

#include "../rogue/wrongs.h"

#define STORM_LEAST 1000u  // interrupts of one request, which has one otherwise
#define STORM_WAITS 1000u  // for so many, 10 ms each

static const char *const names[WRONGS] = {
    [WRONG_HANG] = "hang",           [WRONG_STORM] = "storm of interrupts",
    [WRONG_READ] = "wild reads",     [WRONG_WRITE] = "wild writes",
    [WRONG_JUMP] = "wild jump",      [WRONG_OUTGROW] = "endless stack",
    [WRONG_SMASH] = "smashed stack", [WRONG_GUESS] = "guessed system calls",
};

struct picture {
    uint64_t generations[SYSTEM_INSTANCES];
    uint32_t sums[2];
};

static uint32_t rogue;
static nanos_t slowest;  // from the rogue's end, as its client hears of it, to its next answer

void on_timer_pause(void)
{
}

static void must(enum status status, const char *what)
{
    if (status != STATUS_OK)
        panic("%s: status %d", what, (int)status);
}

static uint64_t generation_of(uint32_t instance)
{
    struct component_report report;

    must(report_from_result(sys_inspect(SLOT_INSPECT, INSPECT_COMPONENT, instance, 0), &report),
         "inspecting");
    if (instance != rogue && report_state(&report) != COMPONENT_RUNNING)
        panic("%s is in state %u", system_instances[instance].name, (unsigned)report_state(&report));
    return report.generation;
}

static struct picture take_picture(void)
{
    struct picture picture;

    for (uint32_t i = 0; i < SYSTEM_INSTANCES; i++)
        picture.generations[i] = generation_of(i);
    must(before_check(&picture.sums[0]), "before");
    must(behind_check(&picture.sums[1]), "behind");
    return picture;
}

static void compare(const struct picture *was, const struct picture *is, enum wrong wrong)
{
    for (uint32_t i = 0; i < SYSTEM_INSTANCES; i++) {
        if (i != rogue && is->generations[i] != was->generations[i])
            panic("%s: %s was restarted", names[wrong], system_instances[i].name);
    }
    if (is->generations[rogue] != was->generations[rogue] + 1)
        panic("%s: the rogue is in its generation %" PRIu64 ", it was in %" PRIu64, names[wrong],
              is->generations[rogue], was->generations[rogue]);
    if (memcmp(is->sums, was->sums, sizeof is->sums) != 0)
        panic("%s: memory of others changed", names[wrong]);
}

static uint64_t tally(void)
{
    return *(const volatile uint64_t *)REGION_TALLY_BASE;
}

// A storm has no end, and answers pings: it lasts until the director has seen enough of it.
static void weather_storm(uint64_t from)
{
    uint64_t interrupts = 0;

    for (unsigned i = 0; i < STORM_WAITS && interrupts < STORM_LEAST; i++) {
        sleep_on(TIMER(PAUSE), 10 * MILLISECOND);
        interrupts = tally() - from;
    }
    if (interrupts < STORM_LEAST)
        panic("%" PRIu64 " interrupts are no storm", interrupts);
    log_info("a storm of %" PRIu64 " interrupts", interrupts);
}

// Those that a driver may survive are over when the director says so.
static void play(enum wrong wrong, uint64_t seed)
{
    uint64_t generation = generation_of(rogue);
    uint64_t calm = tally();
    uint8_t data[32];
    enum status status = mischief_begin(wrong, seed);

    if (wrong == WRONG_STORM)
        weather_storm(calm);
    if (status == STATUS_OK && generation_of(rogue) == generation)
        must(control_kill("rogue"), "ending the rogue");
    nanos_t ended = clock_now();

    must(random_read(data), "a random number afterwards");
    if (clock_now() - ended > slowest)
        slowest = clock_now() - ended;
}

static void find_rogue(void)
{
    while (strcmp(system_instances[rogue].name, "rogue") != 0) {
        if (++rogue == SYSTEM_INSTANCES)
            panic("there is no rogue");
    }
}

static void report_memory(void)
{
    struct picture picture = take_picture();

    log_info("the memory of before and behind has checksums %08" PRIx32 " and %08" PRIx32, picture.sums[0],
             picture.sums[1]);
}

static void report_times(void)
{
    uint64_t periods, missed, latest;

    must(metronome_report(&periods, &missed, &latest), "the metronome");
    log_info("the slowest recovery took %" PRIu64 " us", slowest / MICROSECOND);
    log_info("%" PRIu64 " periods of 1 ms, %" PRIu64 " missed, the latest %" PRIu64 " us late", periods,
             missed, latest / MICROSECOND);
}

int main(void)
{
    find_rogue();
    for (unsigned wrong = 0; wrong < WRONGS; wrong++) {
        for (uint32_t round = 0; round < CONFIG_ROUNDS; round++) {
            struct picture was = take_picture();

            play((enum wrong)wrong, CONFIG_SEED << 32 | wrong << 24 | round);
            struct picture is = take_picture();

            compare(&was, &is, (enum wrong)wrong);
        }
        log_info("%s: %u times, nobody else noticed", names[wrong], (unsigned)CONFIG_ROUNDS);
    }
    report_memory();
    report_times();
    log_info("done");
    event_loop_run();
}
