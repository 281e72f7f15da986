// Traps from user code: system calls, faults, interrupts. Causes: RISC-V privileged architecture, table 22.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"
#include "riscv64.h"

#include <arch/cpu.h>
#include <kernel/component.h>
#include <kernel/sched.h>
#include <kernel/syscall.h>

#define CAUSE_INTERRUPT (1ull << 63)
#define CAUSE_FETCH_MISALIGNED 0
#define CAUSE_FETCH_ACCESS 1
#define CAUSE_ILLEGAL 2
#define CAUSE_BREAKPOINT 3
#define CAUSE_LOAD_MISALIGNED 4
#define CAUSE_LOAD_ACCESS 5
#define CAUSE_STORE_MISALIGNED 6
#define CAUSE_STORE_ACCESS 7
#define CAUSE_FETCH_PAGE 12
#define CAUSE_LOAD_PAGE 13
#define CAUSE_STORE_PAGE 15

// Loads, stores and arithmetic of the F and D extensions, and access to fflags, frm and fcsr (registers 1 to 3); in the
// compressed set c.fld, c.fsd, c.fldsp, c.fsdsp.
static bool is_fpu_instruction(uint64_t instruction)
{
    unsigned opcode = instruction & 0x7f, function = instruction >> 13 & 7, status = instruction >> 20;

    if ((instruction & 3) != 3)
        return (instruction & 1) == 0 && (function == 1 || function == 5);
    if (opcode == 0x73)
        return (instruction >> 12 & 3) != 0 && status >= 1 && status <= 3;
    return opcode == 0x07 || opcode == 0x27 || (opcode >= 0x43 && opcode <= 0x53);
}

static enum fault_reason reason_of(uint64_t cause, uint64_t value)
{
    switch (cause) {
    case CAUSE_FETCH_PAGE: return FAULT_EXECUTE;
    case CAUSE_LOAD_PAGE: return FAULT_READ;
    case CAUSE_STORE_PAGE: return FAULT_WRITE;
    case CAUSE_FETCH_MISALIGNED:
    case CAUSE_LOAD_MISALIGNED:
    case CAUSE_STORE_MISALIGNED: return FAULT_ALIGNMENT;
    case CAUSE_FETCH_ACCESS:
    case CAUSE_LOAD_ACCESS:
    case CAUSE_STORE_ACCESS: return FAULT_BUS;
    case CAUSE_BREAKPOINT: return FAULT_BREAKPOINT;
    case CAUSE_ILLEGAL: return is_fpu_instruction(value) ? FAULT_FPU : FAULT_INSTRUCTION;
    default: return FAULT_OTHER;
    }
}

static void synchronous(struct core *core, struct thread *thread, uint64_t cause, uint64_t value)
{
    if (cause == CAUSE_USER_ECALL) {
        thread->frame.pc += 4;
        syscall_finish(thread, syscall_dispatch(thread, thread->frame.x[RISCV_T4]));
        return;
    }
    if (cause == CAUSE_ILLEGAL && is_fpu_instruction(value) && fpu_take(core, thread))
        return;
    // For an illegal instruction the value is the instruction; the address is where it stands.
    uint64_t address = cause == CAUSE_ILLEGAL || cause == CAUSE_BREAKPOINT ? thread->frame.pc : value;

    thread_fault(core, thread, reason_of(cause, value), address, cause);
}

struct thread *riscv64_trap(struct thread *thread, uint64_t cause, uint64_t value)
{
    struct core *core = arch_core();

    sched_enter(core, thread);
    if (cause & CAUSE_INTERRUPT)
        arch_interrupt_dispatch(core);
    else
        synchronous(core, thread, cause, value);
    return sched_leave(core);
}

void riscv64_kernel_trap(uint64_t cause, uint64_t value, uint64_t pc, uint64_t sp, uint64_t frame)
{
    panic("kernel trap: cause 0x%lx value 0x%lx sp 0x%lx\ntenon: backtrace kernel 0x%lx 0x%lx", cause, value, sp, pc,
          frame);
}
