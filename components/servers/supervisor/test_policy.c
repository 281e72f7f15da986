// Host test of the restart policy: time goes in, decisions come out.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <glue.h>

#include "policy.h"

#define MS 1000000ull

static const struct instance_child child = {
    .name = "child",
    .on_fault = true,
    .on_hang = true,
    .limit = 4,
    .window = 1000 * MS,
    .backoff_first = 10 * MS,
    .backoff_last = 35 * MS,
    .heartbeat = 100 * MS,
};
static struct policy policy;

void on_peer_log_lines(void)
{
}

// One failure and the restart that follows; how long it waited.
static nanos_t fail_at(nanos_t now)
{
    policy_failed(&policy, &child, SUPERVISOR_CAUSE_FAULT, 0, now);
    if (policy.phase == POLICY_GONE)
        return 0;
    CHECK_EQUAL(policy.phase, POLICY_WAITING);
    nanos_t due = policy_next(&policy);

    CHECK_EQUAL(policy_due(&policy, &child, false, due - 1), POLICY_NOTHING);
    CHECK_EQUAL(policy_due(&policy, &child, false, due), POLICY_START);
    policy_started(&policy, &child, due);
    return due - now;
}

TEST(backoff_doubles_to_its_end_and_the_limit_gives_up)
{
    CHECK_EQUAL(fail_at(1 * MS), 10 * MS);
    CHECK_EQUAL(fail_at(20 * MS), 20 * MS);
    CHECK_EQUAL(fail_at(50 * MS), 35 * MS);
    CHECK_EQUAL(fail_at(100 * MS), 35 * MS);
    CHECK_EQUAL(fail_at(200 * MS), 0);
    CHECK_EQUAL(policy.phase, POLICY_GONE);
    CHECK_EQUAL(policy_next(&policy), 0);
    CHECK_EQUAL(policy_due(&policy, &child, true, 1000000 * MS), POLICY_NOTHING);
}

TEST(a_quiet_window_forgets)
{
    CHECK_EQUAL(fail_at(1 * MS), 10 * MS);
    CHECK_EQUAL(fail_at(20 * MS), 20 * MS);
    CHECK_EQUAL(policy_recent(&policy, &child, 1000 * MS), 2);
    CHECK_EQUAL(policy_recent(&policy, &child, 1010 * MS), 1);
    CHECK_EQUAL(fail_at(2000 * MS), 10 * MS);
    CHECK_EQUAL(policy.restarts, 1);
    CHECK_EQUAL(policy.failures, 3);
}

// Any `limit` restarts lie within a window only if the next failure gives up: the same as keeping all times.
TEST(the_window_slides)
{
    for (unsigned i = 0; i < 200; i++)
        CHECK(fail_at(1 * MS + i * 260 * MS) != 0);  // four in 1040 ms
    CHECK(fail_at(1 * MS + 199 * 260 * MS + 40 * MS) == 0);
}

TEST(without_a_limit_it_never_gives_up)
{
    struct instance_child endless = child;

    endless.limit = 0;
    for (unsigned i = 0; i < 1000; i++) {
        policy_failed(&policy, &endless, SUPERVISOR_CAUSE_FAULT, 0, i * MS);
        CHECK_EQUAL(policy.phase, POLICY_WAITING);
        CHECK(policy.restarts <= POLICY_LIMIT_MAX);
    }
}

TEST(an_end_the_policy_does_not_name_is_final)
{
    policy_failed(&policy, &child, SUPERVISOR_CAUSE_EXIT, 0, 5 * MS);
    CHECK_EQUAL(policy.phase, POLICY_GONE);
}

TEST(a_refusal_is_final_unless_the_policy_names_it)
{
    struct instance_child patient = child;

    patient.on_exit = true;
    policy_failed(&policy, &patient, SUPERVISOR_CAUSE_REFUSED, 0, 5 * MS);
    CHECK_EQUAL(policy.phase, POLICY_GONE);

    policy = (struct policy){0};
    patient.on_refused = true;
    policy_failed(&policy, &patient, SUPERVISOR_CAUSE_REFUSED, 0, 5 * MS);
    CHECK_EQUAL(policy.phase, POLICY_WAITING);
}

TEST(a_kill_counts_as_no_failure)
{
    for (unsigned i = 0; i < 100; i++) {
        policy_killed(&policy, &child, 1 * MS + i);
        CHECK_EQUAL(policy_next(&policy), 11 * MS + i);
        policy_started(&policy, &child, 11 * MS + i);
    }
    CHECK_EQUAL(policy.restarts, 0);
}

TEST(a_ping_without_an_answer_is_a_hang)
{
    policy_started(&policy, &child, 0);
    CHECK_EQUAL(policy_due(&policy, &child, true, 99 * MS), POLICY_NOTHING);
    CHECK_EQUAL(policy_due(&policy, &child, true, 100 * MS), POLICY_PING);
    CHECK_EQUAL(policy_due(&policy, &child, true, 150 * MS), POLICY_NOTHING);
    policy_answered(&policy);
    CHECK_EQUAL(policy_due(&policy, &child, true, 200 * MS), POLICY_PING);
    CHECK_EQUAL(policy_due(&policy, &child, true, 300 * MS), POLICY_NOTHING);  // grace
    CHECK_EQUAL(policy_next(&policy), 325 * MS);
    CHECK_EQUAL(policy_due(&policy, &child, true, 325 * MS), POLICY_HUNG);
}

TEST(an_answer_in_the_grace_is_an_answer)
{
    policy_started(&policy, &child, 0);
    CHECK_EQUAL(policy_due(&policy, &child, true, 100 * MS), POLICY_PING);
    CHECK_EQUAL(policy_due(&policy, &child, true, 200 * MS), POLICY_NOTHING);
    policy_answered(&policy);
    CHECK_EQUAL(policy_due(&policy, &child, true, 225 * MS), POLICY_PING);
    CHECK_EQUAL(policy_due(&policy, &child, true, 325 * MS), POLICY_NOTHING);
}

// A supervisor that did not get the processor cannot say that a child did.
TEST(a_late_supervisor_judges_nobody)
{
    policy_started(&policy, &child, 0);
    CHECK_EQUAL(policy_due(&policy, &child, true, 100 * MS), POLICY_PING);
    for (nanos_t now = 5000 * MS; now < 50000 * MS; now += 5000 * MS)
        CHECK_EQUAL(policy_due(&policy, &child, true, now), POLICY_NOTHING);
    policy_answered(&policy);
    CHECK_EQUAL(policy_due(&policy, &child, true, 50000 * MS), POLICY_PING);
}

TEST(one_that_is_not_ready_is_not_pinged)
{
    policy_started(&policy, &child, 0);
    CHECK_EQUAL(policy_due(&policy, &child, false, 100 * MS), POLICY_NOTHING);
    CHECK_EQUAL(policy_due(&policy, &child, false, 200 * MS), POLICY_NOTHING);
    CHECK_EQUAL(policy_due(&policy, &child, true, 300 * MS), POLICY_PING);
}

TEST(without_a_heartbeat_nothing_is_ever_due)
{
    struct instance_child silent = child;

    silent.heartbeat = 0;
    policy_started(&policy, &silent, 5);
    CHECK_EQUAL(policy_next(&policy), 0);
}

TEST(an_unknown_name_is_an_error)
{
    enum supervisor_cause cause;
    uint64_t detail, failures;
    uint32_t recent;
    bool given_up;

    CHECK_EQUAL(client_control_kill("nobody"), SUPERVISOR_ERROR_UNKNOWN);
    CHECK_EQUAL(client_control_history("nobody", &cause, &detail, &failures, &recent, &given_up),
                SUPERVISOR_ERROR_UNKNOWN);
}
