// Responder: the other end of many checks. Main serves `raw`, the thread `worker` serves `side`; both know
// the same kept tokens. See responder.h. SPDX-License-Identifier: BSD-2-Clause

#include "responder.h"

#include "../test.h"

#include <registers.h>

#define KEPT 8

static token_t kept[KEPT];
static unsigned kept_count;
static uint64_t gone, calls, dirt_seen;

static void echo(struct message *message)
{
    for (unsigned i = 0; i < MESSAGE_WORDS; i++)
        message->words[i] += i;
    message->info = message_info(0, message_words(message), 0, false);
}

static void keep(struct message *message)
{
    kept[kept_count++ % KEPT] = message->token;
    message->token = 0;
}

static void result(struct message *message, uint64_t word)
{
    *message =
        (struct message){.info = message_info(0, 1, 0, false), .token = message->token, .words = {word}};
}

static void signal(uint32_t client, uint64_t pokes, uint64_t nudges)
{
    for (uint64_t i = 0; i < pokes; i++)
        raw_poke_signal(client);
    for (uint64_t i = 0; i < nudges; i++)
        raw_nudge_signal(client);
}

static void serve_call(struct message *message)
{
    uint64_t word = message->words[0];
    uint32_t client = message_badge(message);

    switch (message_label(message)) {
    case RESPOND_ECHO: echo(message); break;
    case RESPOND_KEEP: keep(message); break;
    case RESPOND_ANSWER: result(message, raw_answer(kept[word % KEPT], 0, ANSWER_BASE + word)); break;
    case RESPOND_TOKEN: result(message, raw_answer(word, 0, word)); break;
    case RESPOND_DIRTY: message->info = message_info(0, 0, 0, false); break;
    case RESPOND_SEEN_DIRTY: result(message, dirt_seen); break;
    case RESPOND_SIGNAL:
        signal((uint32_t)word, message->words[1], message->words[2]);
        result(message, 0);
        break;
    case RESPOND_SIGNAL_ME:
        signal(client, word, message->words[1]);
        result(message, 0);
        break;
    case RESPOND_WHO: result(message, client); break;
    case RESPOND_SPIN:
        spin(word);
        result(message, 0);
        break;
    case RESPOND_GONE:
        result(message, gone);
        gone = 0;
        break;
    case RESPOND_CALLS: result(message, calls); break;
    default: message_refuse(message); break;
    }
}

// Takes note of what came. True if it is a call.
static bool sort(struct message *message)
{
    if (message_kind(message) == KIND_CLIENT_GONE)
        gone |= 1ull << message_badge(message);
    if (message_kind(message) == KIND_CALL) {
        calls++;
        return true;
    }
    message->token = 0;
    return false;
}

// reply_wait with the registers that a message does not use full of dirt.
static void reply_wait_dirty(struct message *message)
{
    uint64_t in[REGISTERS], out[REGISTERS];

    for (unsigned i = 0; i < REGISTERS; i++)
        in[i] = DIRTY;
    memcpy(in, message, sizeof *message);
    registers_number(in, SYS_REPLY_WAIT);
    registers_reply_wait(in, out);
    memcpy(message, out, sizeof *message);
    dirt_seen = 0;
    for (unsigned i = REGISTERS_FIRST_SCRATCH; i < REGISTERS_FIRST_KEPT; i++)
        dirt_seen += out[i] != 0;
}

void worker_main(void)
{
    struct message message = {0};

    for (;;) {
        sys_reply_wait(&message);
        if (sort(&message))
            serve_call(&message);
    }
}

int main(void)
{
    struct message message = {0};

    for (;;) {
        reply_wait_dirty(&message);
        if (sort(&message))
            serve_call(&message);
    }
}
