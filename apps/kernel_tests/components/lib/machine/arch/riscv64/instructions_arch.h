// The instructions of riscv64; see instructions.h. Registers by number: RISC-V privileged architecture,
// chapter 2. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define INSTRUCTION_CLOBBERS "a0", "t0", "memory"

// clang-format off
#define MACHINE_INSTRUCTIONS(X)                                                                                                                      \
    X(NONE, "nop", FAULT_NONE)                                                                                                                       \
    X(PAUSE, ".4byte 0x0100000f", FAULT_NONE) /* a hint of Zihintpause */                                                                            \
    X(THREAD_POINTER, "mv t0, tp", FAULT_NONE)                                                                                                       \
    X(FENCE, "fence", FAULT_NONE)                                                                                                                    \
    X(FENCE_INSTRUCTION, "fence.i", FAULT_NONE) /* this core's own view of memory */                                                                 \
    X(UNDEFINED, ".4byte 0", FAULT_INSTRUCTION)                                                                                                      \
    X(UNDEFINED_SHORT, ".2byte 0", FAULT_INSTRUCTION)                                                                                                \
    X(BREAKPOINT, "ebreak", FAULT_BREAKPOINT)                                                                                                        \
    X(SEMIHOSTING, ".option push\n\t.option norvc\n\tli a0, 0x18\n\tslli x0, x0, 0x1f\n\tebreak\n\tsrai x0, x0, 7\n\t.option pop", FAULT_BREAKPOINT) \
    X(FPU, ".4byte 0xf2000053", FAULT_FPU) /* fmv.d.x ft0, zero */                                                                                   \
    X(FPU_SHORT, ".2byte 0x2008", FAULT_FPU) /* c.fld fa0, 0(s0) */                                                                                  \
    X(FPU_STATUS, ".4byte 0x003022f3", FAULT_FPU) /* frcsr t0 */                                                                                     \
    X(WRITE_FPU_STATUS, ".4byte 0x00301073", FAULT_FPU) /* fscsr zero */                                                                             \
    X(VECTOR, ".4byte 0x0c0072d7", FAULT_INSTRUCTION) /* vsetvli t0, zero, e8 */                                                                     \
    X(SRET, "sret", FAULT_INSTRUCTION)                                                                                                               \
    X(MRET, "mret", FAULT_INSTRUCTION)                                                                                                               \
    X(WFI, "wfi", FAULT_INSTRUCTION)                                                                                                                 \
    X(MASK_INTERRUPTS, "csrci sstatus, 2", FAULT_INSTRUCTION)                                                                                        \
    X(READ_STATUS, "csrr t0, sstatus", FAULT_INSTRUCTION)                                                                                            \
    X(USER_MEMORY, "csrs sstatus, t0", FAULT_INSTRUCTION) /* sstatus.SUM and MXR among the bits */                                                   \
    X(READ_ROOT, "csrr t0, satp", FAULT_INSTRUCTION)                                                                                                 \
    X(WRITE_ROOT, "csrw satp, zero", FAULT_INSTRUCTION)                                                                                              \
    X(WRITE_VECTOR, "csrw stvec, zero", FAULT_INSTRUCTION)                                                                                           \
    X(READ_KERNEL_POINTER, "csrr t0, sscratch", FAULT_INSTRUCTION)                                                                                   \
    X(WRITE_KERNEL_POINTER, "csrw sscratch, zero", FAULT_INSTRUCTION)                                                                                \
    X(WRITE_EXCEPTION_PC, "csrw sepc, zero", FAULT_INSTRUCTION)                                                                                      \
    X(READ_CAUSE, "csrr t0, scause", FAULT_INSTRUCTION)                                                                                              \
    X(WRITE_INTERRUPT_ENABLE, "csrw sie, zero", FAULT_INSTRUCTION)                                                                                   \
    X(WRITE_INTERRUPT_PENDING, "csrw sip, zero", FAULT_INSTRUCTION)                                                                                  \
    X(WRITE_COUNTER_CONTROL, "csrw scounteren, zero", FAULT_INSTRUCTION)                                                                             \
    X(WRITE_ENVIRONMENT, "csrw 0x10a, zero", FAULT_INSTRUCTION) /* senvcfg */                                                                        \
    X(WRITE_TIMER, "csrw 0x14d, zero", FAULT_INSTRUCTION) /* stimecmp */                                                                             \
    X(READ_GUEST_ROOT, "csrr t0, 0x680", FAULT_INSTRUCTION) /* hgatp */                                                                              \
    X(WRITE_GUEST_STATUS, "csrw 0x600, zero", FAULT_INSTRUCTION) /* hstatus */                                                                       \
    X(READ_HART, "csrr t0, mhartid", FAULT_INSTRUCTION)                                                                                              \
    X(WRITE_MACHINE_STATUS, "csrw mstatus, zero", FAULT_INSTRUCTION)                                                                                 \
    X(WRITE_PROTECTION, "csrw pmpcfg0, zero", FAULT_INSTRUCTION)                                                                                     \
    X(WRITE_DEBUG, "csrw 0x7a0, zero", FAULT_INSTRUCTION) /* tselect */                                                                              \
    X(TLB_INVALIDATE, "sfence.vma", FAULT_INSTRUCTION)                                                                                               \
    X(GUEST_TLB_INVALIDATE, ".4byte 0x62000073", FAULT_INSTRUCTION) /* hfence.gvma */                                                                \
    X(GUEST_LOAD, ".4byte 0x6c02c2f3", FAULT_INSTRUCTION) /* hlv.d t0, (t0) */                                                                       \
    X(READ_TIME, "rdtime t0", FAULT_INSTRUCTION)                                                                                                     \
    X(READ_CYCLES, "rdcycle t0", FAULT_INSTRUCTION)                                                                                                  \
    X(READ_INSTRUCTIONS, "rdinstret t0", FAULT_INSTRUCTION)                                                                                          \
    X(READ_ENTROPY, "csrrw t0, 0x015, zero", FAULT_INSTRUCTION) /* seed */
// clang-format on
