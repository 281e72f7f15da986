// The instructions of aarch64; see instructions.h.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define INSTRUCTION_CLOBBERS "x0", "x1", "x9", "memory"

// clang-format off
#define MACHINE_INSTRUCTIONS(X)                                                     \
    X(NONE, "nop", FAULT_NONE)                                                      \
    X(YIELD, "yield", FAULT_NONE)                                                   \
    X(THREAD_POINTER, "mrs x9, tpidr_el0", FAULT_NONE)                              \
    X(UNDEFINED, ".inst 0", FAULT_INSTRUCTION)                                      \
    X(BREAKPOINT, "brk #1", FAULT_BREAKPOINT)                                       \
    X(FPU, ".inst 0x1e6e1000", FAULT_FPU) /* fmov d0, #1.0 */                       \
    X(SIMD, ".inst 0x4f000400", FAULT_FPU) /* movi v0.4s, #0 */                     \
    X(SVE, ".inst 0x04bf5020", FAULT_FPU_IF_THERE) /* rdvl x0, #1 */                \
    X(HVC, "hvc #0", FAULT_INSTRUCTION)                                             \
    X(SMC, ".inst 0xd4000003", FAULT_INSTRUCTION)                                   \
    X(SEMIHOSTING, "mov x0, #0x18\n\tmov x1, #0\n\thlt #0xf000", FAULT_INSTRUCTION) \
    X(ERET, "eret", FAULT_INSTRUCTION)                                              \
    X(WFI, "wfi", FAULT_INSTRUCTION)                                                \
    X(MASK_INTERRUPTS, "msr daifset, #2", FAULT_INSTRUCTION)                        \
    X(READ_SCTLR, "mrs x9, sctlr_el1", FAULT_INSTRUCTION)                           \
    X(WRITE_SCTLR, "msr sctlr_el1, xzr", FAULT_INSTRUCTION)                         \
    X(WRITE_VBAR, "msr vbar_el1, xzr", FAULT_INSTRUCTION)                           \
    X(READ_TTBR, "mrs x9, ttbr0_el1", FAULT_INSTRUCTION)                            \
    X(WRITE_TTBR, "msr ttbr0_el1, xzr", FAULT_INSTRUCTION)                          \
    X(READ_MIDR, "mrs x9, midr_el1", FAULT_INSTRUCTION)                             \
    X(READ_KERNEL_POINTER, "mrs x9, tpidr_el1", FAULT_INSTRUCTION)                  \
    X(WRITE_READ_ONLY_POINTER, "msr tpidrro_el0, xzr", FAULT_INSTRUCTION)           \
    X(CACHE_CLEAN, "dc cvac, x29", FAULT_INSTRUCTION)                               \
    X(CACHE_INVALIDATE, "dc ivac, x29", FAULT_INSTRUCTION)                          \
    X(CACHE_SET_WAY, "dc cisw, xzr", FAULT_INSTRUCTION)                             \
    X(CACHE_INSTRUCTION, "ic ivau, x29", FAULT_INSTRUCTION)                         \
    X(CACHE_TYPE, "mrs x9, ctr_el0", FAULT_INSTRUCTION)                             \
    X(TLB_INVALIDATE, "tlbi vmalle1", FAULT_INSTRUCTION)                            \
    X(TRANSLATE, "at s1e1r, x29", FAULT_INSTRUCTION)                                \
    X(READ_PHYSICAL_COUNTER, "mrs x9, cntpct_el0", FAULT_INSTRUCTION)               \
    X(READ_VIRTUAL_COUNTER, "mrs x9, cntvct_el0", FAULT_INSTRUCTION)                \
    X(WRITE_TIMER, "msr cntp_ctl_el0, xzr", FAULT_INSTRUCTION)                      \
    X(WRITE_VIRTUAL_TIMER, "msr cntv_ctl_el0, xzr", FAULT_INSTRUCTION)              \
    X(READ_CYCLES, "mrs x9, pmccntr_el0", FAULT_INSTRUCTION)                        \
    X(WRITE_COUNTER_CONTROL, "msr pmcr_el0, xzr", FAULT_INSTRUCTION)                \
    X(ACKNOWLEDGE_INTERRUPT, "mrs x9, S3_0_C12_C12_0", FAULT_INSTRUCTION)           \
    X(SEND_INTERRUPT, "msr S3_0_C12_C11_5, xzr", FAULT_INSTRUCTION)                 \
    X(WRITE_DEBUG, "msr mdscr_el1, xzr", FAULT_INSTRUCTION)
// clang-format on
