// Entries from user code: system calls, faults, interrupts. Vectors: AMD APM 2, 8.2.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"
#include "x86_64.h"

#include <arch/cpu.h>
#include <kernel/component.h>
#include <kernel/sched.h>
#include <kernel/syscall.h>

#define VECTOR_NO_FPU 7
#define VECTOR_PAGE 14

#define PAGE_WRITE (1u << 1)
#define PAGE_FETCH (1u << 4)

// Of what is not listed the reason is FAULT_OTHER.
static const uint8_t reasons[VECTOR_FIRST] = {
    [1] = FAULT_BREAKPOINT, // #DB
    [VECTOR_BREAKPOINT] = FAULT_BREAKPOINT,
    [6] = FAULT_INSTRUCTION, // #UD
    [VECTOR_NO_FPU] = FAULT_FPU,
    [13] = FAULT_INSTRUCTION, // #GP
    [16] = FAULT_FPU,         // #MF
    [17] = FAULT_ALIGNMENT,   // #AC
    [19] = FAULT_FPU,         // #XF
};

static enum fault_reason reason_of(uint64_t vector, uint64_t error)
{
    if (vector == VECTOR_PAGE)
        return error & PAGE_FETCH ? FAULT_EXECUTE : error & PAGE_WRITE ? FAULT_WRITE : FAULT_READ;
    return reasons[vector] ? reasons[vector] : FAULT_OTHER;
}

struct thread *x86_64_syscall(struct thread *thread)
{
    struct core *core = arch_core();

    sched_enter(core, thread);
    syscall_finish(thread, syscall_dispatch(thread, thread->frame.rax));
    // One that the system call has seen waiting and left to us will not come again by itself.
    if (interrupts_noted(core))
        arch_interrupt_dispatch(core);
    return sched_leave(core);
}

static void fault(struct core *core, struct thread *thread, uint64_t vector, uint64_t error, uint64_t address)
{
    struct arch_frame *frame = &thread->frame;

    if (vector == VECTOR_NO_FPU && fpu_take(core, thread))
        return;
    if (vector == VECTOR_BREAKPOINT)
        frame->pc--; // as for the others: where the instruction stands
    thread_fault(core, thread, reason_of(vector, error), vector == VECTOR_PAGE ? address : frame->pc,
                 vector << 32 | (uint32_t)error);
}

struct thread *x86_64_trap(struct thread *thread, uint64_t vector, uint64_t error, uint64_t address)
{
    struct core *core = arch_core();

    sched_enter(core, thread);
    if (vector >= VECTOR_FIRST) {
        core->arch.pending[vector / 64] |= 1ull << vector % 64;
        arch_interrupt_dispatch(core);
    } else {
        fault(core, thread, vector, error, address);
    }
    return sched_leave(core);
}

void x86_64_kernel_trap(uint64_t vector, uint64_t error, uint64_t pc, uint64_t sp, uint64_t address, uint64_t frame)
{
    panic("kernel trap: vector 0x%lx error 0x%lx address 0x%lx sp 0x%lx\ntenon: backtrace kernel 0x%lx 0x%lx", vector, error,
          address, sp, pc, frame ? ((uint64_t *)frame)[1] : 0);
}
