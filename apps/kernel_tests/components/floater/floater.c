// Floater: see floater.h. Between FLOAT_SET and FLOAT_CHECK nothing but system calls runs here: float_state.h
// keeps the compiler from using these registers itself. SPDX-License-Identifier: BSD-2-Clause

#include <float_state.h>

#include "floater.h"

#include "../test.h"

static uint64_t words[FLOAT_WORDS], at_start;

static void set(uint64_t value)
{
    for (unsigned i = 0; i < FLOAT_WORDS; i++)
        words[i] = value + i;
    float_load(words);
}

static uint64_t count_changed(uint64_t value)
{
    uint64_t changed = 0;

    float_store(words);
    for (unsigned i = 0; i < FLOAT_WORDS; i++)
        changed += words[i] != value + i;
    return changed;
}

static uint64_t count_not_zero(void)
{
    // The status comes first: reading it alone must be enough to get the registers.
    uint64_t found = float_status() != 0;

    float_store(words);
    for (unsigned i = 0; i < FLOAT_WORDS; i++)
        found += words[i] != 0;
    return found;
}

static uint64_t serve(const struct message *message)
{
    switch (message_label(message)) {
    case FLOAT_AT_START: return at_start;
    case FLOAT_SET: set(message->words[0]); return 0;
    case FLOAT_CHECK: return count_changed(message->words[0]);
    case FLOAT_COUNT: return FLOAT_WORDS;
    default: __builtin_trap();
    }
}

int main(void)
{
    struct message message = {0};

    at_start = count_not_zero();
    for (;;) {
        sys_reply_wait(&message);
        if (message_kind(&message) == KIND_CALL)
            message = (struct message){
                .info = message_info(0, 1, 0, false), .token = message.token, .words = {serve(&message)}};
        else
            message.token = 0;
    }
}
