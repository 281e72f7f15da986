// Culprit: see culprit.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "culprit.h"

#include "../test.h"

#define RET 0xd65f03c0

static const uint64_t constant = 1;
static volatile uint32_t code_in_data[2] = {RET, RET};

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

static void jump(uint64_t address)
{
    __asm__ volatile("blr %0" : : "r"(address) : "x30", "memory");
}

static void load_exclusive(uint64_t address)
{
    uint64_t value;

    __asm__ volatile("ldxr %0, [%1]\n\tclrex" : "=r"(value) : "r"(address) : "memory");
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

#define CULPRIT_CASE(name, text) \
    case CULPRIT_##name: __asm__ volatile(text : : : "x0", "x1", "x9", "memory"); break;

static void instruction(uint64_t number)
{
    switch (number) {
        CULPRIT_INSTRUCTIONS(CULPRIT_CASE)
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
    volatile uint32_t code_on_stack[2] = {RET, RET};

    switch (label) {
    case CULPRIT_WHERE: return where(word, code_on_stack);
    case CULPRIT_READ: (void)*(volatile uint32_t *)word; return 0;
    case CULPRIT_WRITE: *(volatile uint32_t *)word = RET; return 0;
    case CULPRIT_JUMP: jump(word); return 0;
    case CULPRIT_EXCLUSIVE: load_exclusive(word); return 0;
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
