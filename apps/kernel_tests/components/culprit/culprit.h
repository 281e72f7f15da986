// What a culprit tries, by the label of the call: each ends in a fault or answers with 0.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

enum culprit_act {
    CULPRIT_WHERE = 1,    // (enum culprit_place): an address of it
    CULPRIT_READ,         // (address)
    CULPRIT_WRITE,        // (address): writes a `ret` instruction, which is what its own data holds anyway
    CULPRIT_JUMP,         // (address): calls it as a function
    CULPRIT_EXCLUSIVE,    // (address): loads it exclusively
    CULPRIT_STACK_DOWN,   // writes below the stack until it faults
    CULPRIT_STACK_UP,     // reads above the stack until it faults
    CULPRIT_INSTRUCTION,  // (enum culprit_instruction)
    CULPRIT_NUMBER,       // makes a system call without a number: answers with its status
    CULPRIT_LAST_NUMBER,
};

enum culprit_place {
    CULPRIT_TEXT,
    CULPRIT_CONSTANT,
    CULPRIT_DATA,   // holds a `ret` instruction
    CULPRIT_STACK,  // so does this
    CULPRIT_STACK_BASE,
    CULPRIT_STACK_TOP,
};

// One name for each instruction; culprit.c says what it is.
// clang-format off
#define CULPRIT_INSTRUCTIONS(X)                                                                                        \
    X(NONE, "nop")                                                                                                     \
    X(YIELD, "yield")                                                                                                  \
    X(THREAD_POINTER, "mrs x9, tpidr_el0")                                                                             \
    X(UNDEFINED, ".inst 0")                                                                                            \
    X(BREAKPOINT, "brk #1")                                                                                            \
    X(FPU, ".inst 0x1e6e1000")  /* fmov d0, #1.0 */                                                                    \
    X(SIMD, ".inst 0x4f000400") /* movi v0.4s, #0 */                                                                   \
    X(SVE, ".inst 0x04bf5020")  /* rdvl x0, #1 */                                                                      \
    X(HVC, "hvc #0")                                                                                                   \
    X(SMC, ".inst 0xd4000003")                                                                                         \
    X(SEMIHOSTING, "mov x0, #0x18\n\tmov x1, #0\n\thlt #0xf000")                                                       \
    X(ERET, "eret")                                                                                                    \
    X(WFI, "wfi")                                                                                                      \
    X(MASK_INTERRUPTS, "msr daifset, #2")                                                                              \
    X(READ_SCTLR, "mrs x9, sctlr_el1")                                                                                 \
    X(WRITE_SCTLR, "msr sctlr_el1, xzr")                                                                               \
    X(WRITE_VBAR, "msr vbar_el1, xzr")                                                                                 \
    X(READ_TTBR, "mrs x9, ttbr0_el1")                                                                                  \
    X(WRITE_TTBR, "msr ttbr0_el1, xzr")                                                                                \
    X(READ_MIDR, "mrs x9, midr_el1")                                                                                   \
    X(READ_KERNEL_POINTER, "mrs x9, tpidr_el1")                                                                        \
    X(WRITE_READ_ONLY_POINTER, "msr tpidrro_el0, xzr")                                                                 \
    X(CACHE_CLEAN, "dc cvac, x29")                                                                                     \
    X(CACHE_INVALIDATE, "dc ivac, x29")                                                                                \
    X(CACHE_SET_WAY, "dc cisw, xzr")                                                                                   \
    X(CACHE_INSTRUCTION, "ic ivau, x29")                                                                               \
    X(CACHE_TYPE, "mrs x9, ctr_el0")                                                                                   \
    X(TLB_INVALIDATE, "tlbi vmalle1")                                                                                  \
    X(TRANSLATE, "at s1e1r, x29")                                                                                      \
    X(READ_PHYSICAL_COUNTER, "mrs x9, cntpct_el0")                                                                     \
    X(READ_VIRTUAL_COUNTER, "mrs x9, cntvct_el0")                                                                      \
    X(WRITE_TIMER, "msr cntp_ctl_el0, xzr")                                                                            \
    X(WRITE_VIRTUAL_TIMER, "msr cntv_ctl_el0, xzr")                                                                    \
    X(READ_CYCLES, "mrs x9, pmccntr_el0")                                                                              \
    X(WRITE_COUNTER_CONTROL, "msr pmcr_el0, xzr")                                                                      \
    X(ACKNOWLEDGE_INTERRUPT, "mrs x9, S3_0_C12_C12_0")                                                                 \
    X(SEND_INTERRUPT, "msr S3_0_C12_C11_5, xzr")                                                                       \
    X(WRITE_DEBUG, "msr mdscr_el1, xzr")
// clang-format on

#define CULPRIT_ENUM(name, text) CULPRIT_##name,
enum culprit_instruction { CULPRIT_INSTRUCTIONS(CULPRIT_ENUM) CULPRIT_INSTRUCTION_COUNT };
