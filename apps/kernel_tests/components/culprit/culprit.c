// Culprit: see culprit.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "culprit.h"

#include "../test.h"

#include <instructions.h>
#include <machine.h>

static const uint64_t constant = 1;
static volatile uint32_t code_in_data[2] = {CODE_RETURN, CODE_RETURN};

__attribute__((noinline)) static void harmless(void)
{
    __asm__ volatile("");
}

static uint64_t where(uint64_t place, const volatile uint32_t *code_on_stack)
{
    switch (place) {
    case CULPRIT_TEXT: return (uintptr_t)&harmless;
    case CULPRIT_CONSTANT: return (uintptr_t)&constant;
    case CULPRIT_DATA: return (uintptr_t)&code_in_data;
    case CULPRIT_STACK: return (uintptr_t)code_on_stack;
    case CULPRIT_STACK_BASE: return STACK_MAIN_BASE;
    default: return STACK_MAIN_BASE + STACK_MAIN_BYTES;
    }
}

static void stack_down(void)
{
    // What is below our own frame is nobody's.
    for (volatile uint64_t *word = (uint64_t *)__builtin_frame_address(0) - 8;; word--)
        *word = 0;
}

static void stack_up(void)
{
    for (volatile uint64_t *word = __builtin_frame_address(0);; word++)
        (void)*word;
}

#define TRY(name, text, reason) \
    case INSTRUCTION_##name: __asm__ volatile(text : : : INSTRUCTION_CLOBBERS); break;

static void instruction(uint64_t number)
{
    switch (number) {
        MACHINE_INSTRUCTIONS(TRY)
    }
}

static uint64_t system_call_without_number(bool last)
{
    if (last)
        return arch_syscall(0xffff, 1, 2, 3, 4, 5, 6).status;
    return arch_syscall(SYS_COUNT, 1, 2, 3, 4, 5, 6).status;
}

static uint64_t act(unsigned label, uint64_t word)
{
    volatile uint32_t code_on_stack[2] = {CODE_RETURN, CODE_RETURN};

    switch (label) {
    case CULPRIT_WHERE: return where(word, code_on_stack);
    case CULPRIT_READ: (void)*(volatile uint32_t *)word; return 0;
    case CULPRIT_WRITE: *(volatile uint32_t *)word = CODE_RETURN; return 0;
    case CULPRIT_JUMP: machine_jump(word); return 0;
    case CULPRIT_EXCLUSIVE: machine_load_exclusive(word); return 0;
    case CULPRIT_STACK_DOWN: stack_down(); return 0;
    case CULPRIT_STACK_UP: stack_up(); return 0;
    case CULPRIT_INSTRUCTION: instruction(word); return 0;
    case CULPRIT_NUMBER: return system_call_without_number(false);
    case CULPRIT_LAST_NUMBER: return system_call_without_number(true);
    default: return ~0ull;
    }
}

int main(void)
{
    struct message message = {0};

    for (;;) {
        sys_reply_wait(&message);
        if (message_kind(&message) != KIND_CALL)
            message.token = 0;
        else
            message = (struct message){.info = message_info(0, 1, 0, false),
                                       .token = message.token,
                                       .words = {act(message_label(&message), message.words[0])}};
    }
}
