// Mortal: see mortal.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "mortal.h"

#include "../test.h"

// What main itself and the runtime may have used of the stack before main looks at it.
#define STACK_USED 1024

static volatile uint64_t data_word = MORTAL_DATA_AT_START, bss_word;
static uint64_t stack_dirt, ticks;

NO_HANDLER(on_timer_tick)

#ifndef SLOT_USE_BELOW
#define SLOT_USE_BELOW SLOT_NULL
#endif
#if BELOW_IS_CONNECTED
NO_HANDLER(on_below_poke)
NO_HANDLER(on_below_nudge)
#endif

static volatile uint64_t *region_word(void)
{
#ifdef REGION_KEPT_BASE
    return (uint64_t *)REGION_KEPT_BASE;
#else
    return &bss_word;
#endif
}

static volatile uint64_t *unused_stack(void)
{
    return (uint64_t *)STACK_MAIN_BASE;
}

#define UNUSED_STACK_WORDS ((STACK_MAIN_BYTES - STACK_USED) / sizeof(uint64_t))

static uint64_t read_bad_address(void)
{
    volatile uintptr_t address = MORTAL_BAD_ADDRESS;

    return *(volatile uint64_t *)address;
}

static void write_everywhere(uint64_t value)
{
    data_word = bss_word = value;
    *region_word() = value;
    for (size_t i = 0; i < UNUSED_STACK_WORDS; i++)
        unused_stack()[i] = value;
}

static uint64_t read_place(uint64_t place)
{
    switch (place) {
    case MORTAL_DATA: return data_word;
    case MORTAL_BSS: return bss_word;
    case MORTAL_STACK: return stack_dirt;
    case MORTAL_TICKS: return ticks;
    default: return *region_word();
    }
}

static void serve_call(struct message *message)
{
    uint64_t word = message->words[0], result = 0;

    switch (message_label(message)) {
    case MORTAL_WRITE: write_everywhere(word); break;
    case MORTAL_READ: result = read_place(word); break;
    case MORTAL_FAULT: result = read_bad_address(); break;
    case MORTAL_EXIT: sys_exit(word);
    case MORTAL_ARM: result = sys_timer_set(SLOT_TIMER_TICK, sys_clock(SLOT_CLOCK) + word); break;
    case MORTAL_HOLD: message->token = 0; return;
    case MORTAL_BELOW: result = raw_call(SLOT_USE_BELOW, (unsigned)word, 0, 0, NULL); break;
    default: message_refuse(message); return;
    }
    *message =
        (struct message){.info = message_info(0, 1, 0, false), .token = message->token, .words = {result}};
}

int main(void)
{
    struct message message = {0};

    for (size_t i = 0; i < UNUSED_STACK_WORDS; i++)
        stack_dirt += unused_stack()[i] != 0;
    ready();
    for (;;) {
        sys_reply_wait(&message);
        ticks += message_kind(&message) == KIND_NOTIFICATION;
        if (message_kind(&message) == KIND_CALL)
            serve_call(&message);
        else
            message.token = 0;
    }
}
