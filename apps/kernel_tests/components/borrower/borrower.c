// Borrower: see borrower.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "borrower.h"

#include "../test.h"

#ifndef SLOT_USE_BELOW
#define SLOT_USE_BELOW SLOT_NULL
#endif
#if BELOW_IS_CONNECTED
NO_HANDLER(on_below_poke)
NO_HANDLER(on_below_nudge)
#endif

// Not page aligned, so that pages of the two sides never end together.
static union {
    uint8_t bytes[BORROWER_BYTES + 24];
    uint64_t first[4];
} buffer;

static uint64_t late_status;

static uint8_t *own(void)
{
    return &buffer.bytes[16];
}

static enum status copy_in(const struct message *message, unsigned lend)
{
    return sys_copy_in(message->token, lend, message->words[0], own(), message->words[1]);
}

static enum status copy_out(const struct message *message)
{
    memset(own(), BORROWER_FILL, BORROWER_BYTES);
    return sys_copy_out(message->token, 0, message->words[0], own(), message->words[1]);
}

static uint64_t sum(void)
{
    uint64_t total = 0;

    for (unsigned i = 0; i < BORROWER_BYTES; i++)
        total += own()[i];
    return total;
}

static uint64_t lent_bytes(const struct message *message)
{
    return message->words[LEND_FIRST_WORD + 1] & ~LEND_FLAGS;
}

// Calls the borrower below with a part of what was lent to us; its result is ours.
static enum status lend_on(const struct message *message, unsigned label, uint64_t word0, uint64_t word1,
                           uint64_t offset, uint64_t bytes_and_rights, uint64_t *seen)
{
    struct message below = {.info = message_info(label, 2, 1, false), .words = {word0, word1}};

    below.words[LEND_FIRST_WORD] = offset;
    below.words[LEND_FIRST_WORD + 1] = bytes_and_rights | LEND_BORROWED;
    below.words[LEND_FIRST_WORD + 2] = message->token;
    enum status status = sys_call(SLOT_USE_BELOW, &below);

    *seen = below.words[1];
    return status != STATUS_OK ? status : (enum status)below.words[0];
}

static enum status pass(const struct message *message, uint64_t *seen)
{
    uint64_t times = message->words[0], rights = message->words[1], bytes = lent_bytes(message);
    enum status status;

    if (times > 0)
        return lend_on(message, BORROW_PASS, times - 1, rights, 8, (bytes - 8) | rights, seen);
    if (rights & LEND_WRITE) {
        memset(own(), BORROWER_FILL, BORROWER_BYTES);
        return sys_copy_out(message->token, 0, 0, own(), 8);
    }
    status = sys_copy_in(message->token, 0, 0, own(), 8);
    *seen = buffer.first[2];
    return status;
}

static enum status past(const struct message *message, uint64_t *seen)
{
    return lend_on(message, BORROW_IN, 0, message->words[1], message->words[0], message->words[1] | LEND_READ,
                   seen);
}

static void answer_first(struct message *message)
{
    token_t token = message->token;

    raw_answer(token, 0, 0);
    late_status = sys_copy_in(token, 0, 0, own(), 8);
    message->token = 0;
}

static uint64_t serve(struct message *message, uint64_t *seen)
{
    uint64_t word = message->words[0];

    switch (message_label(message)) {
    case BORROW_IN: {
        enum status status = copy_in(message, 0);

        *seen = buffer.first[2];
        return status;
    }
    case BORROW_OUT: return copy_out(message);
    case BORROW_IN_SECOND: return copy_in(message, 1);
    case BORROW_SEE: *seen = message->words[LEND_FIRST_WORD + 1]; return message->words[LEND_FIRST_WORD];
    case BORROW_SUM: return sum();
    case BORROW_TO: return sys_copy_in(message->token, 0, 0, (void *)word, message->words[1]);
    case BORROW_PASS: return pass(message, seen);
    case BORROW_PAST: return past(message, seen);
    case BORROW_LATE_STATUS: return late_status;
    case BORROW_TOKEN: return sys_copy_in(word, 0, 0, own(), 8);
    default: return ~0ull;
    }
}

int main(void)
{
    struct message message = {0};

    for (;;) {
        uint64_t seen = 0;

        sys_reply_wait(&message);
        if (message_kind(&message) != KIND_CALL) {
            message.token = 0;
        } else if (message_label(&message) == BORROW_LATE) {
            answer_first(&message);
        } else {
            uint64_t result = serve(&message, &seen);

            message = (struct message){
                .info = message_info(0, 2, 0, false), .token = message.token, .words = {result, seen}};
        }
    }
}
