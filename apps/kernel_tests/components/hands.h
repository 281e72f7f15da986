// A subject's side of its hands: components that call what and when they are told (hand/hand.c).
//
// A hand waits for a poke, fetches one piece of work by a call to its boss, does it, and reports by another
// call. Between poke and fetch nothing of the subject is received by surprise, whatever the priorities.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "test.h"

#define HAND_FETCH  0xf001
#define HAND_REPORT 0xf002

// Which of its uses the hand calls.
enum hand_way { HAND_TARGET, HAND_SLOW };

struct hand_report {
    bool there;
    uint64_t result;  // as raw_call() returns it
    uint64_t word;
    uint64_t elapsed;  // ns
};

#ifdef INSTANCE_CLIENTS
static struct hand_report reports[INSTANCE_CLIENTS];
static uint64_t bits_seen, clients_gone;

// Takes note of what is not a call. True if the message is a call of the subject's own affair.
static bool hand_sort(struct message *message)
{
    uint32_t client = message_badge(message);

    if (message_kind(message) == KIND_NOTIFICATION)
        bits_seen |= message->words[0];
    if (message_kind(message) == KIND_CLIENT_GONE)
        clients_gone |= 1ull << client;
    if (message_kind(message) != KIND_CALL)
        return false;
    if (message_label(message) != HAND_REPORT)
        return true;
    reports[client] = (struct hand_report){true, message->words[0], message->words[1], message->words[2]};
    raw_answer(message->token, 0, 0);
    return false;
}

// The next call that is not a report.
UNUSED static void hand_receive(struct message *message)
{
    do
        raw_receive(message);
    while (!hand_sort(message));
}

// The token of a hand that is ready for work.
UNUSED static token_t hand_fetch(uint32_t client)
{
    struct message message;

    raw_poke_signal(client);
    do
        hand_receive(&message);
    while (message_badge(&message) != client || message_label(&message) != HAND_FETCH);
    return message.token;
}

UNUSED static void hand_give(token_t token, enum hand_way way, unsigned label, uint64_t word0, uint64_t word1)
{
    struct message work = {
        .info = message_info(0, 4, 0, false), .token = token, .words = {way, label, word0, word1}};

    sys_reply(&work);
}

UNUSED static void hand_start(uint32_t client, enum hand_way way, unsigned label, uint64_t word0,
                              uint64_t word1)
{
    reports[client].there = false;
    hand_give(hand_fetch(client), way, label, word0, word1);
}

UNUSED static struct hand_report hand_wait(uint32_t client)
{
    struct message message;

    while (!reports[client].there) {
        raw_receive(&message);
        hand_sort(&message);
    }
    reports[client].there = false;
    return reports[client];
}
#endif
