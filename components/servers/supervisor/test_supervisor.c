// Host test of a supervisor that ends in the middle of its work: its next life finishes what it had decided.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <stdlib.h>
#include <string.h>

#include <glue.h>

#include <tenon/panic.h>

#include "kept.h"
#include "policy.h"

#define MS         1000000ull
#define ESCALATING 2u  // the others are as in the harness
#define STEPS_MAX  32u

int component_main(void);

static unsigned subject;  // the child that the test is about
static unsigned steps, last_step;
static bool ends;

void on_peer_log_lines(void)
{
}

// Where the supervisor may end: between two stores that have an order, and after each thing it asks of the
// kernel.
static void step(void)
{
    if (ends && steps++ == last_step)
        host_end();
}

static struct component_report *state_of(slot_t component)
{
    return &host_states[component];
}

static struct component_report *child(void)
{
    return state_of(instance_children[subject].component);
}

static void set_state(struct component_report *report, enum component_state state)
{
    report->state = (uint64_t)state | (state == COMPONENT_RUNNING ? 1u << 8 : 0);
}

static void control(slot_t slot, enum component_operation operation)
{
    if (operation == COMPONENT_OP_RESTART)
        state_of(slot)->generation++;
    set_state(state_of(slot), operation == COMPONENT_OP_RESTART ? COMPONENT_RUNNING
                              : operation == COMPONENT_OP_STOP  ? COMPONENT_STOPPED
                                                                : COMPONENT_DEAD);
    step();
}

static void boot(void)
{
    memset((void *)REGION_KEPT_BASE, 0, REGION_KEPT_BYTES);
    memset(host_controls, 0, sizeof host_controls);
    for (unsigned i = 0; i < INSTANCE_CHILDREN; i++) {
        state_of(instance_children[i].component)->generation = 1;
        set_state(state_of(instance_children[i].component), COMPONENT_RUNNING);
    }
    host_on_control = control;
    host_on_order = step;
    ends = false;
    subject = 0;
    host_time = 1000 * MS;
}

static void live(void)
{
    component_main();
}

static void change(void)
{
    on_child_changed(subject);
}

static void wake(void)
{
    on_timer_wake();
}

static void ask_to_kill(void)
{
    struct call call = {0};

    control_kill(&call, instance_children[subject].name);
}

static struct policy kept_policy(void)
{
    struct policy policy;

    kept_load(subject, &policy, host_time);
    return policy;
}

// Runs it with an end at that step, and then its next life. False when it had no such step.
static bool run_with_end_at(void (*code)(void), unsigned number)
{
    steps = 0;
    last_step = number;
    ends = true;
    host_run(code);
    bool ended = steps > number;

    ends = false;
    host_run(live);
    return ended;
}

// Time goes on to the next thing that is to be done, until the child runs again.
static void let_it_recover(void)
{
    for (unsigned i = 0; i < 10 && report_state(child()) != COMPONENT_RUNNING; i++) {
        CHECK(host_timers[SLOT_TIMER_WAKE] != 0);
        host_time = host_timers[SLOT_TIMER_WAKE];
        host_run(wake);
    }
    CHECK_EQUAL(report_state(child()), COMPONENT_RUNNING);
}

static void check_the_others_are_untouched(void)
{
    for (unsigned i = 0; i < INSTANCE_CHILDREN; i++) {
        if (i == subject)
            continue;
        for (unsigned operation = 0; operation < COMPONENT_OPS; operation++)
            CHECK_EQUAL(host_controls[instance_children[i].component][operation], 0);
    }
}

TEST(a_new_life_leaves_those_alone_that_run)
{
    boot();
    for (unsigned i = 0; i < 5; i++)
        host_run(live);
    CHECK_EQUAL(child()->generation, 1);
    CHECK_EQUAL(host_controls[instance_children[subject].component][COMPONENT_OP_RESTART], 0);
    check_the_others_are_untouched();
}

TEST(a_failure_counts_once_wherever_the_supervisor_ends)
{
    unsigned ended = 0;

    for (unsigned number = 0; number < STEPS_MAX; number++) {
        boot();
        host_run(live);
        set_state(child(), COMPONENT_FAULTED);
        ended += run_with_end_at(change, number);
        let_it_recover();
        CHECK_EQUAL(child()->generation, 2);
        CHECK_EQUAL(kept_policy().restarts, 1);
        check_the_others_are_untouched();
    }
    CHECK(ended >= 2 && ended < STEPS_MAX);
}

TEST(a_restart_happens_once_wherever_the_supervisor_ends)
{
    unsigned ended = 0;

    for (unsigned number = 0; number < STEPS_MAX; number++) {
        boot();
        host_run(live);
        set_state(child(), COMPONENT_FAULTED);
        host_run(change);
        host_time = host_timers[SLOT_TIMER_WAKE];
        ended += run_with_end_at(wake, number);
        let_it_recover();
        CHECK_EQUAL(child()->generation, 2);
        CHECK_EQUAL(kept_policy().restarts, 1);
    }
    CHECK(ended >= 1 && ended < STEPS_MAX);
}

TEST(a_kill_that_was_decided_is_finished_and_counts_as_no_failure)
{
    unsigned ended = 0, killed = 0;

    for (unsigned number = 0; number < STEPS_MAX; number++) {
        boot();
        host_run(live);
        ended += run_with_end_at(ask_to_kill, number);
        killed += report_state(child()) == COMPONENT_STOPPED;
        let_it_recover();
        CHECK(child()->generation <= 2);
        CHECK_EQUAL(kept_policy().restarts, 0);
        CHECK(host_controls[instance_children[subject].component][COMPONENT_OP_STOP] <= 1);
    }
    CHECK(ended >= 3 && ended < STEPS_MAX);
    CHECK(killed >= STEPS_MAX - 1);  // but for the one before anything was kept
}

static void fail_up_to_the_limit(void)
{
    for (unsigned i = 0; i < instance_children[subject].limit; i++) {
        set_state(child(), COMPONENT_FAULTED);
        host_run(change);
        let_it_recover();
    }
    set_state(child(), COMPONENT_FAULTED);
}

TEST(a_child_is_given_up_wherever_the_supervisor_ends)
{
    for (unsigned number = 0; number < STEPS_MAX; number++) {
        boot();
        host_run(live);
        fail_up_to_the_limit();
        run_with_end_at(change, number);
        CHECK_EQUAL(report_state(child()), COMPONENT_DEAD);
        host_run(live);
        CHECK_EQUAL(report_state(child()), COMPONENT_DEAD);
        CHECK_EQUAL(child()->generation, 1 + instance_children[subject].limit);
    }
}

TEST(what_failed_again_after_its_restart_is_news)
{
    boot();
    host_run(live);
    set_state(child(), COMPONENT_FAULTED);
    host_run(change);
    set_state(child(), COMPONENT_FAULTED);  // restarted by the life that ended then, and failed at once
    child()->generation = 2;
    host_run(live);
    CHECK_EQUAL(kept_policy().restarts, 2);
    let_it_recover();
    CHECK_EQUAL(child()->generation, 3);
}

// The next line of the log, as far as the words go.
static bool logs(const char *words)
{
    struct log_line line = {0};

    for (unsigned client = 0; client < INSTANCE_CLIENTS; client++) {
        if (peer_log_lines_take(client, &line))
            return memmem(line.text, line.bytes, words, strlen(words)) != NULL;
    }
    return false;
}

TEST(the_log_tells_how_many_restarts_there_may_be)
{
    boot();
    for (unsigned i = 0; i < INSTANCE_CHILDREN; i++)
        set_state(state_of(instance_children[i].component), COMPONENT_FAULTED);
    host_run(live);
    CHECK(logs("child0: fault at 0x0, pc 0x0\n"));
    CHECK(logs("child0: restart in 10 ms (1 of 4 in 10000 ms)\n"));
    CHECK(logs("child1: fault at 0x0, pc 0x0\n"));
    CHECK(logs("child1: restart in 10 ms (1 in 10000 ms)\n"));
}

TEST(who_refuses_to_go_on_is_given_up_at_once)
{
    boot();
    host_run(live);
    set_state(child(), COMPONENT_EXITED);
    child()->fault_address = REFUSE_EXIT_CODE;
    host_run(change);
    CHECK_EQUAL(report_state(child()), COMPONENT_DEAD);
    CHECK(logs("child0: refuses to go on\n"));
    CHECK(logs("child0: given up\n"));
    check_the_others_are_untouched();
}

static void check_history(unsigned of, enum supervisor_cause cause, uint64_t detail, uint64_t failures,
                          uint32_t recent, bool gone)
{
    enum supervisor_cause has_cause;
    uint64_t has_detail, has_failures;
    uint32_t has_recent;
    bool is_gone;

    CHECK_EQUAL(client_control_history(instance_children[of].name, &has_cause, &has_detail, &has_failures,
                                       &has_recent, &is_gone),
                STATUS_OK);
    CHECK_EQUAL(has_cause, cause);
    CHECK_EQUAL(has_detail, detail);
    CHECK_EQUAL(has_failures, failures);
    CHECK_EQUAL(has_recent, recent);
    CHECK_EQUAL(is_gone, gone);
}

TEST(the_history_tells_why_and_how_often_and_outlives_the_supervisor)
{
    boot();
    host_run(live);
    check_history(subject, SUPERVISOR_CAUSE_NOTHING, 0, 0, 0, false);

    set_state(child(), COMPONENT_FAULTED);
    child()->state |= (uint64_t)FAULT_WRITE << 16;
    host_run(change);
    check_history(subject, SUPERVISOR_CAUSE_FAULT, FAULT_WRITE, 1, 1, false);
    let_it_recover();

    set_state(child(), COMPONENT_EXITED);
    child()->fault_address = 3;
    host_run(change);
    host_run(live);
    check_history(subject, SUPERVISOR_CAUSE_EXIT, 3, 2, 2, false);
    let_it_recover();

    host_run(ask_to_kill);
    check_history(subject, SUPERVISOR_CAUSE_KILL, 0, 2, 2, false);
    let_it_recover();

    set_state(child(), COMPONENT_EXITED);
    child()->fault_address = REFUSE_EXIT_CODE;
    host_run(change);
    check_history(subject, SUPERVISOR_CAUSE_REFUSED, REFUSE_EXIT_CODE, 3, 2, true);
    check_history(1, SUPERVISOR_CAUSE_NOTHING, 0, 0, 0, false);
}

TEST(an_escalation_ends_the_supervisor_and_its_next_life_begins_anew)
{
    boot();
    subject = ESCALATING;
    host_run(live);
    fail_up_to_the_limit();
    CHECK_EQUAL(host_run(change), 1);
    CHECK_EQUAL(report_state(child()), COMPONENT_DEAD);
    host_run(live);
    let_it_recover();
    check_history(subject, SUPERVISOR_CAUSE_FAULT, 0, 5, 0, false);
    check_the_others_are_untouched();

    fail_up_to_the_limit();
    CHECK_EQUAL(host_run(change), 1);
}

TEST(a_child_comes_back_wherever_an_escalation_ends)
{
    for (unsigned number = 0; number < STEPS_MAX; number++) {
        boot();
        subject = ESCALATING;
        host_run(live);
        fail_up_to_the_limit();
        run_with_end_at(change, number);
        let_it_recover();
        CHECK_EQUAL(child()->generation, 2 + instance_children[subject].limit);
        check_the_others_are_untouched();
    }
}

// Whatever the region holds: the children come back, and nothing is read beyond it.
TEST(nonsense_that_was_kept_is_dropped)
{
    for (unsigned seed = 0; seed < 200; seed++) {
        boot();
        srand(seed);
        for (unsigned i = 0; i < REGION_KEPT_BYTES; i++)
            ((uint8_t *)REGION_KEPT_BASE)[i] = (uint8_t)(seed % 2 == 0 ? rand() : rand() % 64 == 0);
        set_state(child(), COMPONENT_FAULTED);
        child()->generation = 77;
        host_run(live);
        if (report_state(child()) != COMPONENT_DEAD)
            let_it_recover();
    }
}
