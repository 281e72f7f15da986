// Exceptions from user code: system calls, faults, interrupts. Exception classes: Arm ARM D17.2.37, ESR_EL1.
// SPDX-License-Identifier: BSD-2-Clause
#include "aarch64.h"

#include <arch/cpu.h>
#include <kernel/component.h>
#include <kernel/sched.h>
#include <kernel/syscall.h>

#define CLASS_FPU 0x07
#define CLASS_SVC64 0x15
#define CLASS_SVE 0x19
#define CLASS_INSTRUCTION_ABORT 0x20
#define CLASS_PC_ALIGNMENT 0x22
#define CLASS_DATA_ABORT 0x24
#define CLASS_SP_ALIGNMENT 0x26
#define CLASS_SERROR 0x2f
#define CLASS_BREAKPOINT 0x3c

#define ABORT_WRITE (1u << 6)
#define ABORT_STATUS 0x3f
#define STATUS_ALIGNMENT 0x21
#define STATUS_EXTERNAL 0x10

static enum fault_reason abort_reason(uint64_t esr, bool instruction)
{
    unsigned status = esr & ABORT_STATUS;

    if (status == STATUS_ALIGNMENT)
        return FAULT_ALIGNMENT;
    if (status == STATUS_EXTERNAL)
        return FAULT_BUS;
    if (instruction)
        return FAULT_EXECUTE;
    return esr & ABORT_WRITE ? FAULT_WRITE : FAULT_READ;
}

static void fault(struct core *core, struct thread *thread, uint64_t esr, uint64_t far)
{
    uint64_t pc = thread->frame.pc;

    switch (esr >> 26) {
    case CLASS_DATA_ABORT: thread_fault(core, thread, abort_reason(esr, false), far, esr); break;
    case CLASS_INSTRUCTION_ABORT: thread_fault(core, thread, abort_reason(esr, true), far, esr); break;
    case CLASS_PC_ALIGNMENT: thread_fault(core, thread, FAULT_ALIGNMENT, pc, esr); break;
    case CLASS_SP_ALIGNMENT: thread_fault(core, thread, FAULT_ALIGNMENT, thread->frame.sp, esr); break;
    // An asynchronous external abort: who caused it is not known, the running thread most likely.
    case CLASS_SERROR: thread_fault(core, thread, FAULT_BUS, 0, esr); break;
    case CLASS_BREAKPOINT: thread_fault(core, thread, FAULT_BREAKPOINT, pc, esr); break;
    case CLASS_FPU:
    case CLASS_SVE: thread_fault(core, thread, FAULT_FPU, pc, esr); break;
    default: thread_fault(core, thread, FAULT_INSTRUCTION, pc, esr); break;
    }
}

struct thread *aarch64_exception(struct thread *thread, uint64_t esr, uint64_t far)
{
    struct core *core = arch_core();

    sched_enter(core, thread);
    if (esr >> 26 == CLASS_SVC64)
        syscall_finish(thread, syscall_dispatch(thread, esr & 0xffff));
    else if (esr >> 26 != CLASS_FPU || !fpu_take(core, thread))
        fault(core, thread, esr, far);
    return sched_leave(core);
}

struct thread *aarch64_interrupt(struct thread *thread)
{
    struct core *core = arch_core();

    sched_enter(core, thread);
    arch_interrupt_dispatch(core);
    return sched_leave(core);
}

void aarch64_kernel_exception(uint64_t esr, uint64_t far, uint64_t pc, uint64_t sp, uint64_t frame)
{
    panic("kernel exception: esr 0x%lx far 0x%lx sp 0x%lx\ntenon: backtrace kernel 0x%lx 0x%lx", esr, far, sp, pc,
          frame ? ((uint64_t *)frame)[1] : 0);
}
