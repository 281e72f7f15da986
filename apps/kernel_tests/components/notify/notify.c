// Notifications: merged, received in the same wait as calls and before them.
// SPDX-License-Identifier: BSD-2-Clause

#include "../hands.h"
#include "../responder/responder.h"

NO_HANDLER(on_responder_poke)
NO_HANDLER(on_responder_nudge)

#define BOTH (BIT_EVENT_RESPONDER_POKE | BIT_EVENT_RESPONDER_NUDGE)

// Has the responder signal us so often.
static void have_signalled(uint64_t pokes, uint64_t nudges)
{
    struct message message = {.info = message_info(RESPOND_SIGNAL_ME, 2, 0, false), .words = {pokes, nudges}};

    sys_call(SLOT_USE_RESPONDER, &message);
}

static void check_merged(void)
{
    struct message message;

    sys_poll(&message);
    check_equal("nothing_is_pending_at_first", message_kind(&message), KIND_NONE);
    have_signalled(3, 2);
    sys_poll(&message);
    check_equal("a_signal_is_received", message_kind(&message), KIND_NOTIFICATION);
    check_equal("signals_are_merged", message.words[0], BOTH);
    check_equal("a_notification_has_no_token", message.token, 0);
    sys_poll(&message);
    check_equal("they_are_received_once", message_kind(&message), KIND_NONE);
    have_signalled(1, 0);
    sys_poll(&message);
    check_equal("only_the_signalled_bit_comes", message.words[0], BIT_EVENT_RESPONDER_POKE);
}

// hand5 is above us: its call is queued when hand_start() returns.
static void check_order(void)
{
    struct message message;

    hand_start(CLIENT_HAND5_BOSS, HAND_SLOW, 1, 5, 0);
    have_signalled(1, 0);
    raw_receive(&message);
    check_equal("bits_come_before_callers", message_kind(&message), KIND_NOTIFICATION);
    raw_receive(&message);
    check("the_caller_comes_next", message_kind(&message) == KIND_CALL && message.words[0] == 5);

    have_signalled(0, 1);
    message = (struct message){.info = message_info(0, 1, 0, false), .token = message.token, .words = {55}};
    sys_reply_wait(&message);
    check("a_reply_and_wait_replies_and_receives_bits",
          message_kind(&message) == KIND_NOTIFICATION && message.words[0] == BIT_EVENT_RESPONDER_NUDGE);
    check_equal("the_caller_got_its_reply", hand_wait(CLIENT_HAND5_BOSS).word, 55);
}

// hand6 is below us: it runs when we wait.
static void check_waking(void)
{
    struct message message;
    uint64_t who;

    raw_call(SLOT_USE_RESPONDER, RESPOND_WHO, 0, 0, &who);
    hand_start(CLIENT_HAND6_BOSS, HAND_TARGET, RESPOND_SIGNAL, who, 1);
    raw_receive(&message);
    check("a_signal_wakes_the_receiver",
          message_kind(&message) == KIND_NOTIFICATION && message.words[0] == BIT_EVENT_RESPONDER_POKE);
    check_equal("the_signaller_goes_on", hand_wait(CLIENT_HAND6_BOSS).result, 0);
}

int main(void)
{
    check_merged();
    check_order();
    check_waking();
    finish();
}
