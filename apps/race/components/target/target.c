// Target: does what racers ask for. What it does for a call that it holds goes on while it serves others, so that calls
// end at every point of a copy.
// SPDX-License-Identifier: BSD-2-Clause
#include "../race.h"

#ifdef SLOT_USE_NEXT
void on_next_flag(void)
{
}
#endif

// The slots that signal clients lie behind each other, in the order of the clients' badges.
#define SLOT_OF_CLIENT(badge) (SLOT_EVENT_TRACK_FLAG_0 + (badge))
#define PIECE 3001

static uint8_t buffer[LENT_BYTES], held_buffer[LENT_BYTES];
static token_t held;
static unsigned held_done;

static void answer(struct message *message, uint64_t word)
{
    *message = (struct message){.info = message_info(0, 1, 0, false), .token = message->token, .words = {word}};
}

static void mix(struct message *message)
{
    message->info = message_info(0, MESSAGE_WORDS, 0, false);
    for (unsigned i = 0; i < MESSAGE_WORDS; i++)
        message->words[i] = mixed(message->words[i], i);
}

static void fill_lent(struct message *message)
{
    fill(buffer, message->words[0]);
    answer(message, sys_copy_out(message->token, 0, 0, buffer, LENT_BYTES));
}

static void sum_lent(struct message *message)
{
    enum status status = sys_copy_in(message->token, 0, 0, buffer, LENT_BYTES);

    answer(message, status == STATUS_OK ? sum(buffer) : status);
}

static void pass(struct message *message)
{
#ifdef SLOT_USE_NEXT
    struct message below = {.info = message_info(RACE_PASS, 1, 1, false), .words = {message->words[0]}};

    below.words[LEND_FIRST_WORD] = 0;
    below.words[LEND_FIRST_WORD + 1] = LENT_BYTES | LEND_WRITE | LEND_BORROWED;
    below.words[LEND_FIRST_WORD + 2] = message->token;
    enum status status = sys_call(SLOT_USE_NEXT, &below);

    answer(message, status == STATUS_OK ? below.words[0] : status);
#else
    fill_lent(message);
#endif
}

// Copies the next piece of a held call; at the end it is answered. Held calls end by timeout or death too.
static void go_on(void)
{
    unsigned bytes = LENT_BYTES - held_done < PIECE ? LENT_BYTES - held_done : PIECE;
    struct message message = {.token = held};

    if (held == 0)
        return;
    if (sys_copy_out(held, 0, held_done, held_buffer + held_done, bytes) != STATUS_OK) {
        held = 0;
        return;
    }
    held_done += bytes;
    if (held_done < LENT_BYTES)
        return;
    held = 0;
    answer(&message, STATUS_OK);
    (void)!sys_reply(&message);
}

static void hold(struct message *message)
{
    if (held) {
        fill_lent(message);
        return;
    }
    held = message->token;
    held_done = 0;
    fill(held_buffer, message->words[0]);
    message->token = 0;
}

static void serve(struct message *message)
{
    switch (message_label(message)) {
    case RACE_MIX: mix(message); break;
    case RACE_FILL: fill_lent(message); break;
    case RACE_SUM: sum_lent(message); break;
    case RACE_PASS: pass(message); break;
    case RACE_HOLD: hold(message); break;
    case RACE_FLAG: answer(message, sys_signal(SLOT_OF_CLIENT(message_badge(message)))); break;
    default: __builtin_trap();
    }
}

int main(void)
{
    struct message message = {0};

    for (;;) {
        sys_reply_wait(&message);
        go_on();
        if (message_kind(&message) == KIND_CALL)
            serve(&message);
        else
            message.token = 0;
    }
}
