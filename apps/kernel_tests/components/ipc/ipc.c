// Call and reply: words, order, tokens, timeouts, registers.
// SPDX-License-Identifier: BSD-2-Clause

#include "../hands.h"
#include "../responder/responder.h"

#include <registers.h>

#define TIMEOUT (3 * MILLISECOND)  // of the hands' `target` and `slow`, see system.yaml
#define GRANULE (1 * MILLISECOND)  // timeout_granularity there
#define SLACK   (MILLISECOND / 4)  // for the work between two readings of the clock

NO_HANDLER(on_responder_poke)
NO_HANDLER(on_responder_nudge)
NO_HANDLER(on_side_poke)
NO_HANDLER(on_side_nudge)

static bool echoes(unsigned words)
{
    struct message message = {.info = message_info(RESPOND_ECHO, words, 0, false)};

    for (unsigned i = 0; i < words; i++)
        message.words[i] = 0x1000 + 3 * i;
    if (sys_call(SLOT_USE_RESPONDER, &message) != STATUS_OK || message_words(&message) != words)
        return false;
    for (unsigned i = 0; i < MESSAGE_WORDS; i++) {
        if (message.words[i] != (i < words ? 0x1000 + 4 * i : i))
            return false;
    }
    return message_label(&message) == 0 && message.token == 0;
}

static void check_words(void)
{
    for (unsigned words = 0; words <= MESSAGE_WORDS; words++) {
        char name[] = "call_with_00_words";

        name[10] = (char)('0' + words / 10);
        name[11] = (char)('0' + words % 10);
        check(name, echoes(words));
    }
}

// The hands are above us, so each one's call is in our queue when hand_give() returns.
static void check_order(void)
{
    static const uint32_t clients[] = {CLIENT_HAND1_SLOW, CLIENT_HAND2_SLOW, CLIENT_HAND0_SLOW};
    token_t tokens[] = {hand_fetch(CLIENT_HAND1_BOSS), hand_fetch(CLIENT_HAND2_BOSS),
                        hand_fetch(CLIENT_HAND0_BOSS)};
    bool right = true;

    for (unsigned i = 0; i < 3; i++)
        hand_give(tokens[i], HAND_SLOW, 1, 0, 0);
    for (unsigned i = 0; i < 3; i++) {
        struct message message;

        hand_receive(&message);
        right &= message_badge(&message) == clients[i];
        raw_answer(message.token, 0, 0);
    }
    check("queued_callers_are_served_in_order_of_arrival", right);
    hand_wait(CLIENT_HAND0_BOSS);
    hand_wait(CLIENT_HAND1_BOSS);
    hand_wait(CLIENT_HAND2_BOSS);
}

static uint64_t respond(unsigned label, uint64_t word)
{
    uint64_t answer = 0;

    return raw_call(SLOT_USE_RESPONDER, label, word, 0, &answer) == 0 ? answer : ~0ull;
}

static void check_deferred(void)
{
    static const uint32_t clients[] = {CLIENT_HAND0_BOSS, CLIENT_HAND1_BOSS, CLIENT_HAND2_BOSS};
    static const unsigned order[] = {1, 2, 0};
    bool right = true;

    for (unsigned i = 0; i < 3; i++)
        hand_start(clients[i], HAND_TARGET, RESPOND_KEEP, 0, 0);
    for (unsigned i = 0; i < 3; i++)
        right &= respond(RESPOND_ANSWER, order[i]) == STATUS_OK;
    for (unsigned i = 0; i < 3; i++) {
        struct hand_report report = hand_wait(clients[i]);

        right &= report.result == 0 && report.word == ANSWER_BASE + i;
    }
    check("replies_come_out_of_order", right);
    check_equal("a_token_answers_once", respond(RESPOND_ANSWER, 1), STATUS_STALE);
}

// The calls kept so far were entries 0 to 2.
static void check_other_thread(void)
{
    uint64_t answer;

    hand_start(CLIENT_HAND0_BOSS, HAND_TARGET, RESPOND_KEEP, 0, 0);
    check_equal("another_thread_replies", raw_call(SLOT_USE_SIDE, RESPOND_ANSWER, 3, 0, &answer), 0);
    struct hand_report report = hand_wait(CLIENT_HAND0_BOSS);

    check_equal("the_reply_of_another_thread_arrives", report.word, ANSWER_BASE + 3);
}

static void check_foreign_token(void)
{
    token_t token = hand_fetch(CLIENT_HAND0_BOSS);

    check_equal("a_token_of_another_component_is_refused", respond(RESPOND_TOKEN, token), STATUS_STALE);
    check_equal("a_token_with_another_number_is_refused", raw_answer(token + (1 << TOKEN_THREAD_BITS), 0, 0),
                STATUS_STALE);
    check_equal("a_token_of_no_thread_is_refused", raw_answer(token | 0xffff, 0, 0), STATUS_STALE);
    check_equal("token_0_is_refused", raw_answer(0, 0, 0), STATUS_STALE);
    hand_give(token, HAND_TARGET, RESPOND_ECHO, 5, 0);
    check_equal("the_right_token_works", hand_wait(CLIENT_HAND0_BOSS).word, 5);
}

static void check_timeouts(void)
{
    hand_start(CLIENT_HAND0_BOSS, HAND_TARGET, RESPOND_KEEP, 0, 0);
    struct hand_report report = hand_wait(CLIENT_HAND0_BOSS);

    check_equal("a_call_in_service_times_out", report.result, STATUS_TIMED_OUT);
    check_between("in_service_within_a_granule", report.elapsed, TIMEOUT, TIMEOUT + GRANULE + SLACK);
    check_equal("a_late_reply_is_stale", respond(RESPOND_ANSWER, 4), STATUS_STALE);

    hand_start(CLIENT_HAND0_BOSS, HAND_SLOW, 1, 0, 0);
    spin(TIMEOUT + 2 * GRANULE);  // we do not receive
    struct message message;

    sys_poll(&message);
    check("a_queued_call_that_timed_out_is_not_received",
          message_kind(&message) == KIND_CALL && message_label(&message) == HAND_REPORT);
    check_equal("a_queued_call_times_out", message.words[0], STATUS_TIMED_OUT);
    check_between("queued_within_a_granule", message.words[2], TIMEOUT, TIMEOUT + GRANULE + SLACK);
    raw_answer(message.token, 0, 0);

    // The twin: a connection without a timeout outlasts them.
    token_t token = hand_fetch(CLIENT_HAND0_BOSS);

    spin(TIMEOUT + 2 * GRANULE);
    hand_give(token, HAND_TARGET, RESPOND_ECHO, 6, 0);
    check_equal("without_timeout_a_call_waits", hand_wait(CLIENT_HAND0_BOSS).word, 6);
}

static void check_poll(void)
{
    struct message message;

    sys_poll(&message);
    check_equal("poll_finds_nothing", message_kind(&message), KIND_NONE);
    token_t token = hand_fetch(CLIENT_HAND0_BOSS);

    hand_give(token, HAND_SLOW, 7, 77, 0);
    sys_poll(&message);
    check("poll_finds_a_call", message_kind(&message) == KIND_CALL && message.words[0] == 77);
    raw_answer(message.token, 0, 0);
    hand_wait(CLIENT_HAND0_BOSS);
}

static void check_registers(void)
{
    uint64_t in[REGISTERS], out[REGISTERS];
    bool lost = true, kept = true;

    for (unsigned i = 0; i < REGISTERS; i++)
        in[i] = DIRTY + i;
    in[0] = (uint64_t)SLOT_USE_RESPONDER << INFO_SLOT_SHIFT | message_info(RESPOND_DIRTY, 0, 0, false);
    registers_number(in, SYS_CALL);
    registers_call(in, out);
    for (unsigned i = REGISTERS_FIRST_SCRATCH; i < REGISTERS_FIRST_KEPT; i++)
        lost &= out[i] == 0;
    for (unsigned i = REGISTERS_FIRST_KEPT; i < REGISTERS; i++)
        kept &= out[i] == in[i];
    check("scratch_registers_are_0_after_a_call", lost);
    check("others_are_kept_by_a_call", kept);
    registers_call(in, out);
    check_equal("scratch_registers_are_0_at_the_server", respond(RESPOND_SEEN_DIRTY, 0), 0);
    registers_number(in, SYS_YIELD);
    registers_yield(in, out);
    kept = true;
    for (unsigned i = 1; i < REGISTERS; i++)
        kept &= out[i] == in[i];
    check("other_calls_keep_what_they_do_not_return", kept);
}

static void check_refusals(void)
{
    struct message message = {.info = message_info(RESPOND_ECHO, 0, 0, false) | 0x55ull << INFO_KIND_SHIFT};

    check_equal("a_sender_cannot_choose_the_kind", sys_call(SLOT_USE_RESPONDER, &message), STATUS_OK);
    check_equal("an_unknown_label_is_refused_by_the_server", raw_call(SLOT_USE_RESPONDER, 0x7fff, 0, 0, NULL),
                STATUS_BAD_MESSAGE);
}

int main(void)
{
    check_words();
    check_order();
    check_deferred();
    check_other_thread();
    check_foreign_token();
    check_timeouts();
    check_poll();
    check_registers();
    check_refusals();
    finish();
}
