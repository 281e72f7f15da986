// Referee: restarts random children on all cores while they race, then waits until every racer has done its rounds without
// being ended. A racer that found something wrong has exited with 1: the race is lost.
// SPDX-License-Identifier: BSD-2-Clause
#include "../race.h"

#include <stdio.h>

#define PAUSE_MAX (600 * MICROSECOND)
#define PATIENCE (300 * 1000 * MILLISECOND)

struct child {
    const char *name;
    slot_t slot;
    bool races;
};

static const struct child children[] = {
    {"target0", SLOT_CHILD_TARGET0, false}, {"target1", SLOT_CHILD_TARGET1, false},
    {"target2", SLOT_CHILD_TARGET2, false}, {"target3", SLOT_CHILD_TARGET3, false},
    {"racer0", SLOT_CHILD_RACER0, true},    {"racer1", SLOT_CHILD_RACER1, true},
    {"racer2", SLOT_CHILD_RACER2, true},    {"racer3", SLOT_CHILD_RACER3, true},
    {"racer4", SLOT_CHILD_RACER4, true},    {"racer5", SLOT_CHILD_RACER5, true},
    {"racer6", SLOT_CHILD_RACER6, true},    {"racer7", SLOT_CHILD_RACER7, true},
};
#define CHILDREN (sizeof children / sizeof children[0])

static uint64_t random;
static unsigned crashes;

// The event loop is not used; the state of all is looked at after each pause.
void on_child_changed(unsigned child)
{
    (void)child;
}

void on_timer_pause(void) {}

static noreturn void end(unsigned code, const char *format, const char *name, unsigned long number)
{
    char line[CONSOLE_WRITE_MAX];
    int bytes = snprintf(line, sizeof line, format, name, number);

    sys_console_write(SLOT_CONSOLE, line, (size_t)bytes);
    for (;;)
        (void)!sys_power(SLOT_POWER, POWER_OFF, code);
}

static void sleep(nanos_t time)
{
    struct message message;

    (void)!sys_timer_set(SLOT_TIMER_PAUSE, sys_clock(SLOT_CLOCK) + time);
    do {
        message = (struct message){0};
        sys_reply_wait(&message);
    } while (message_kind(&message) != KIND_NOTIFICATION || !(message.words[0] & BIT_TIMER_PAUSE));
}

static void control(const struct child *child, enum component_operation operation)
{
    enum status status = sys_component_control(child->slot, operation, 0);

    if (status != STATUS_OK)
        end(1, "race: %s cannot be controlled: status %lu\n", child->name, status);
}

static struct component_report state_of(const struct child *child)
{
    struct component_report report;
    enum status status = sys_component_state(child->slot, &report);

    if (status != STATUS_OK)
        end(1, "race: the state of %s cannot be read: status %lu\n", child->name, status);
    return report;
}

// Starts the targets that were crashed. Racers do not end by themselves unless something is wrong.
static void look_after(const struct child *child)
{
    struct component_report report = state_of(child);

    if (report_state(&report) == COMPONENT_RUNNING)
        return;
    if (child->races)
        end(1, "race: %s ended in state %lu\n", child->name, report_state(&report));
    if (report_state(&report) != COMPONENT_FAULTED || report_reason(&report) != FAULT_BREAKPOINT)
        if (report_reason(&report) != FAULT_INSTRUCTION)
            end(1, "race: %s failed for reason %lu\n", child->name, report_reason(&report));
    crashes++;
    control(child, COMPONENT_OP_RESTART);
}

static void look_after_all(void)
{
    for (unsigned i = 0; i < CHILDREN; i++)
        look_after(&children[i]);
}

static void interfere(void)
{
    const struct child *child = &children[next_random(&random) % CHILDREN];

    if (next_random(&random) % 4 == 0)
        control(child, COMPONENT_OP_STOP);
    control(child, COMPONENT_OP_RESTART);
}

static bool all_have_done_their_rounds(void)
{
    for (unsigned i = 0; i < CHILDREN; i++) {
        struct component_report report = state_of(&children[i]);

        if (children[i].races && !report_is_ready(&report))
            return false;
    }
    return true;
}

int main(void)
{
    random = CONFIG_SEED;
    for (unsigned i = 0; i < CONFIG_RESTARTS; i++) {
        sleep(1 + next_random(&random) % PAUSE_MAX);
        look_after_all();
        interfere();
    }
    nanos_t end_of_patience = sys_clock(SLOT_CLOCK) + PATIENCE;

    do {
        sleep(MILLISECOND);
        look_after_all();
        if (sys_clock(SLOT_CLOCK) > end_of_patience)
            end(1, "race: %s not all racers come to an end, after %lu crashes\n", "", crashes);
    } while (!all_have_done_their_rounds());
    end(0, "race: %s, %lu crashes besides\n", "all answers were right", crashes);
}
