// crowd: keeps some processes running, whatever happens to pm, and checks each end: that it is told once, and
// is the right one.
//
// Most are workers, whose exit codes are known beforehand; some never end and are killed; some spawn
// processes themselves. SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>
#include <stdio.h>

#include <processes_client.h>
#include <worker_steps.h>

#include <tenon/log.h>
#include <tenon/panic.h>

#define SAY_EVERY   20  // ends
#define PARENTS_MAX 3   // at a time: each spawns two, and there are so many places in all

enum kind { WORKER, ENDLESS, PARENT };

struct expected {
    uint64_t process;  // 0: an empty place
    enum kind kind;
    uint64_t code;
};

static struct expected expected[CONFIG_WIDTH];
static uint64_t random_state = CONFIG_SEED;
static uint64_t spawned, told;

static uint64_t next_random(void)
{
    random_state = worker_step(random_state);
    return random_state >> 16;
}

static const struct processes_limits limits = {.memory = 128 * 1024, .priority = 30};
static const struct processes_limits low = {.memory = 128 * 1024,
                                            .priority = 5};  // for who never lets go of the processor

static const struct passed with_clock[] = {{.name = "clock", .capability = SLOT_CLOCK}};
static const struct passed with_log_and_processes[] = {
    {.name = "log", .capability = SLOT_USE_LINES, .may_grant = true},
    {.name = "processes", .capability = SLOT_NULL}};

static void spawned_as(enum status status, struct expected *one, enum kind kind, uint64_t process,
                       uint64_t code)
{
    if (status != STATUS_OK)
        panic("spawn %" PRIu64 " failed: status %d", spawned, (int)status);
    for (unsigned i = 0; i < CONFIG_WIDTH; i++) {
        if (expected[i].process == process)
            panic("process %" PRIu64 " was spawned twice", process);
    }
    *one = (struct expected){process, kind, code};
    spawned++;
}

static void spawn_worker(struct expected *one)
{
    uint64_t seed = next_random() % 100000, process = 0;
    char arguments[32];

    sniprintf(arguments, sizeof arguments, "%u %u", (unsigned)seed, 2 + (unsigned)(next_random() % 40));
    enum status status = process_spawn("/bin/worker", arguments, limits, with_clock, 1, &process);

    spawned_as(status, one, WORKER, process, (uint64_t)worker_end(seed));
}

static void spawn_other(struct expected *one, enum kind kind)
{
    uint64_t process = 0;
    enum status status = kind == ENDLESS
                             ? process_spawn("/bin/endless", "", low, NULL, 0, &process)
                             : process_spawn("/bin/parent", "", limits, with_log_and_processes, 2, &process);

    spawned_as(status, one, kind, process, 0);
}

static unsigned count_parents(void)
{
    unsigned count = 0;

    for (unsigned i = 0; i < CONFIG_WIDTH; i++)
        count += expected[i].process != 0 && expected[i].kind == PARENT;
    return count;
}

static void spawn_one(struct expected *one)
{
    unsigned choice = (unsigned)(next_random() % 8);

    if (choice == 0 && count_parents() < PARENTS_MAX)
        spawn_other(one, PARENT);
    else if (choice == 1)
        spawn_other(one, ENDLESS);
    else
        spawn_worker(one);
}

// --- Ends ------------------------------------------------------------------------------------

static struct expected *expected_called(uint64_t process)
{
    for (unsigned i = 0; i < CONFIG_WIDTH; i++) {
        if (expected[i].process == process)
            return &expected[i];
    }
    panic("process %" PRIu64 " was told of a second time, or never spawned", process);
}

static void check_end(const struct expected *one, const struct processes_process *ended)
{
    uint8_t end = one->kind == ENDLESS ? PROCESSES_END_KILLED : PROCESSES_END_EXITED;

    if (ended->end != end || ended->value != one->code)
        panic("process %" PRIu64 " (%.32s) ended by %u with %" PRIu64 ", not by %u with %" PRIu64,
              ended->process, (const char *)ended->name, (unsigned)ended->end, ended->value, (unsigned)end,
              one->code);
}

static void kill_endless_ones(void)
{
    for (unsigned i = 0; i < CONFIG_WIDTH; i++) {
        if (expected[i].process == 0 || expected[i].kind != ENDLESS)
            continue;
        enum status status = process_kill(expected[i].process);

        if (status != STATUS_OK)
            panic("process %" PRIu64 " cannot be killed: status %d", expected[i].process, (int)status);
    }
}

// Then nothing ends by itself.
static bool all_are_endless(void)
{
    for (unsigned i = 0; i < CONFIG_WIDTH; i++) {
        if (expected[i].process != 0 && expected[i].kind != ENDLESS)
            return false;
    }
    return true;
}

static void wait_for_one(void)
{
    struct processes_process ended;
    enum status status = process_wait(0, &ended);

    if (status != STATUS_OK)
        panic("an end is missing: status %d", (int)status);
    struct expected *one = expected_called(ended.process);

    check_end(one, &ended);
    *one = (struct expected){0};
    if (++told % SAY_EVERY == 0)
        log_info("%" PRIu64 " spawned, %" PRIu64 " ends told", spawned, told);
}

// All that runs is ours and expected, or below one of ours.
static void check_list(void)
{
    struct processes_process found = {0};

    while (process_list(found.process, &found) == STATUS_OK) {
        if (found.parent == 0)
            (void)expected_called(found.process);
    }
}

int main(void)
{
    ready();
    for (;;) {
        for (unsigned i = 0; i < CONFIG_WIDTH; i++) {
            if (expected[i].process == 0)
                spawn_one(&expected[i]);
        }
        check_list();
        if (next_random() % 4 == 0 || all_are_endless())
            kill_endless_ones();
        wait_for_one();
    }
}
