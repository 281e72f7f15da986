// The event loop: order, replies, what is kept while a component waits, and what the supervisor and others
// hear. SPDX-License-Identifier: BSD-2-Clause
#include "fixture.h"

#include <string.h>

#include "backlog.h"

TEST(calls_are_answered_in_the_order_they_come)
{
    host_push(call_of(1, 5));
    host_push(call_of(2, 6));
    CHECK_EQUAL(host_run(event_loop_run), HOST_IDLE);
    CHECK(strcmp(events, "call 0x5\ncall 0x6\n") == 0);
    CHECK_EQUAL(host_reply_count, 2);
    CHECK_EQUAL(host_replies[0].token, call_of(1, 5).token);
    CHECK_EQUAL(host_replies[1].token, call_of(2, 6).token);
}

static void defer(struct message *message)
{
    message->token = 0;
}

TEST(a_deferred_call_is_not_answered_by_the_loop)
{
    on_call = defer;
    host_push(call_of(1, 5));
    CHECK_EQUAL(host_run(event_loop_run), HOST_IDLE);
    CHECK_EQUAL(host_reply_count, 0);
}

TEST(a_notification_reaches_its_handlers_and_gets_no_reply)
{
    host_push_bits(BIT_TIMER_TEST | BIT_OTHER_TEST);
    CHECK_EQUAL(host_run(event_loop_run), HOST_IDLE);
    CHECK(strcmp(events, "bits 0x300\n") == 0);
    CHECK_EQUAL(host_reply_count, 0);
}

TEST(a_ping_is_answered_and_not_dispatched)
{
    host_push_bits(BIT_PING_TEST);
    host_push_bits(BIT_PING_TEST | BIT_TIMER_TEST);
    CHECK_EQUAL(host_run(event_loop_run), HOST_IDLE);
    CHECK_EQUAL(host_signals[SLOT_PONG_TEST], 2);
    CHECK(strcmp(events, "bits 0x100\n") == 0);
}

TEST(a_client_that_is_gone_is_told_on)
{
    host_push_gone(69);
    CHECK_EQUAL(host_run(event_loop_run), HOST_IDLE);
    CHECK(strcmp(events, "gone 0x45\n") == 0);
}

TEST(a_fault_that_nobody_handles_stops_who_made_it)
{
    struct message fault = call_of(1, 5);

    fault.info |= (uint64_t)KIND_FAULT << INFO_KIND_SHIFT;
    host_push(fault);
    CHECK_EQUAL(host_run(event_loop_run), HOST_IDLE);
    CHECK(strcmp(events, "") == 0);
    CHECK_EQUAL(host_reply_count, 1);
    CHECK_EQUAL(host_replies[0].info, FAULT_REPLY_STOP);
    CHECK_EQUAL(host_replies[0].token, fault.token);
}

static void ready_twice(void)
{
    ready();
    event_loop_run();
}

TEST(entering_the_loop_says_ready_once_and_tells_each_dependant)
{
    CHECK_EQUAL(host_run(ready_twice), HOST_IDLE);
    CHECK(host_is_ready);
    CHECK_EQUAL(host_signals[SLOT_DEPENDANT], 1);
    CHECK_EQUAL(host_signals[SLOT_DEPENDANT + 1], 1);
}

static void wait_then_loop(void)
{
    CHECK_EQUAL(wait_bits(BIT_TIMER_TEST), BIT_TIMER_TEST);
    CHECK(strcmp(events, "") == 0);
    event_loop_run();
}

TEST(what_comes_during_a_wait_is_served_afterwards)
{
    host_push(call_of(1, 5));
    host_push_gone(3);
    host_push_bits(BIT_OTHER_TEST);
    host_push(call_of(2, 6));
    host_push_bits(BIT_TIMER_TEST);
    CHECK_EQUAL(host_run(wait_then_loop), HOST_IDLE);
    CHECK(strcmp(events, "bits 0x200\ngone 0x3\ncall 0x5\ncall 0x6\n") == 0);
    CHECK_EQUAL(host_reply_count, 2);
}

TEST(a_ping_during_a_wait_is_answered_at_once)
{
    host_push_bits(BIT_PING_TEST);
    host_push_bits(BIT_TIMER_TEST);
    CHECK_EQUAL(host_run(wait_then_loop), HOST_IDLE);
    CHECK_EQUAL(host_signals[SLOT_PONG_TEST], 1);
}

static void wait_inside_a_call(struct message *message)
{
    if (message->words[0] == 5)
        CHECK_EQUAL(wait_bits(BIT_OTHER_TEST), BIT_OTHER_TEST);
}

TEST(a_handler_may_wait_and_later_calls_are_not_lost)
{
    on_call = wait_inside_a_call;
    host_push(call_of(1, 5));
    host_push(call_of(2, 6));
    host_push_bits(BIT_OTHER_TEST);
    host_push(call_of(3, 7));
    CHECK_EQUAL(host_run(event_loop_run), HOST_IDLE);
    CHECK(strcmp(events, "call 0x5\ncall 0x6\ncall 0x7\n") == 0);
    CHECK_EQUAL(host_reply_count, 3);
    CHECK_EQUAL(host_replies[0].token, call_of(1, 5).token);
}

TEST(a_second_call_of_a_thread_takes_the_place_of_its_first)
{
    for (unsigned number = 1; number <= 9; number++)
        host_push(call_of(1, number));
    host_push_bits(BIT_TIMER_TEST);
    CHECK_EQUAL(host_run(wait_then_loop), HOST_IDLE);
    CHECK(strcmp(events, "call 0x9\n") == 0);
}

TEST(more_callers_than_the_builder_knew_are_refused_not_lost)
{
    for (unsigned thread = 1; thread <= BACKLOG + 1; thread++)
        host_push(call_of(thread, thread));
    host_push_bits(BIT_TIMER_TEST);
    CHECK_EQUAL(host_run(wait_then_loop), HOST_IDLE);
    CHECK_EQUAL(host_reply_count, BACKLOG + 1);
    CHECK_EQUAL(message_label(&host_replies[0]), STATUS_BAD_MESSAGE);
    CHECK_EQUAL(host_replies[0].token, call_of(BACKLOG + 1, BACKLOG + 1).token);
}

static uint64_t polled;

static void poll_once(void)
{
    polled = poll_bits(BIT_TIMER_TEST);
}

TEST(a_poll_never_waits)
{
    CHECK_EQUAL(host_run(poll_once), 0);
    CHECK_EQUAL(polled, 0);
    host_push_bits(BIT_TIMER_TEST | BIT_OTHER_TEST);
    CHECK_EQUAL(host_run(poll_once), 0);
    CHECK_EQUAL(polled, BIT_TIMER_TEST);
}

// The backlog against a plain list: random calls, each thread with one call that counts.
TEST(the_backlog_behaves_as_a_plain_list_does)
{
    struct instance_thread *thread = &instance_threads[0];
    token_t plain[BACKLOG];
    unsigned count = 0;
    uint64_t state = 12345;

    for (unsigned step = 0; step < 100000; step++) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        if (state >> 33 & 1) {
            struct message call = call_of(1 + (state >> 40) % BACKLOG, step);

            for (unsigned i = 0; i < count; i++) {
                if ((plain[i] & 0xffff) == (call.token & 0xffff)) {
                    memmove(&plain[i], &plain[i + 1], (--count - i) * sizeof plain[0]);
                    break;
                }
            }
            plain[count++] = call.token;
            backlog_keep(thread, &call);
        } else {
            struct message taken;
            bool there = backlog_take(thread, &taken);

            CHECK_EQUAL(there, count > 0);
            if (there) {
                CHECK_EQUAL(taken.token, plain[0]);
                memmove(&plain[0], &plain[1], --count * sizeof plain[0]);
            }
        }
    }
    CHECK_EQUAL(host_reply_count, 0);
}
