// Floater: see floater.h. Between FLOAT_SET and FLOAT_CHECK nothing but system calls runs here: the compiler
// is kept from using these registers itself by the integer-only code around them. SPDX-License-Identifier:
// BSD-2-Clause
#pragma GCC target("general-regs-only")

#include "floater.h"

#include "../test.h"

static uint64_t halves[FLOAT_HALVES], at_start;

static void set(uint64_t value)
{
    for (unsigned i = 0; i < FLOAT_HALVES; i++)
        halves[i] = value + i;
    float_load(halves);
}

static uint64_t count_changed(uint64_t value)
{
    uint64_t changed = 0;

    float_store(halves);
    for (unsigned i = 0; i < FLOAT_HALVES; i++)
        changed += halves[i] != value + i;
    return changed;
}

static uint64_t count_not_zero(void)
{
    uint64_t found, status;

    float_store(halves);
    __asm__ volatile("mrs %0, fpsr" : "=r"(status));
    found = status != 0;
    for (unsigned i = 0; i < FLOAT_HALVES; i++)
        found += halves[i] != 0;
    return found;
}

static uint64_t serve(const struct message *message)
{
    switch (message_label(message)) {
    case FLOAT_AT_START: return at_start;
    case FLOAT_SET: set(message->words[0]); return 0;
    case FLOAT_CHECK: return count_changed(message->words[0]);
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
