// FPU registers, lazily: they stay with their owner until another thread that may use them does. Whether a thread may
// touch them is the FS field of its own sstatus, which is loaded with its frame.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"
#include "riscv64.h"

#include <arch/cpu.h>
#include <kernel/object.h>

void fpu_save(struct arch_fpu *fpu);
void fpu_load(const struct arch_fpu *fpu);

bool fpu_take(struct core *core, struct thread *thread)
{
    if (thread->fpu == NULL || (thread->frame.status & SSTATUS_FS))
        return false;
    SET_BITS(sstatus, SSTATUS_FS);
    if (core->fpu_owner) {
        core->fpu_owner->frame.status &= ~(uint64_t)SSTATUS_FS;
        fpu_save(core->fpu_owner->fpu);
    }
    fpu_load(thread->fpu);
    core->fpu_owner = thread;
    thread->frame.status |= SSTATUS_FS;
    return true;
}

void arch_fpu_switch(struct core *core, struct thread *to)
{
}

void arch_fpu_forget(struct core *core, struct thread *thread)
{
    if (thread->fpu == NULL)
        return;
    if (core->fpu_owner == thread)
        core->fpu_owner = NULL;
    thread->frame.status &= ~(uint64_t)SSTATUS_FS;
    __builtin_memset(thread->fpu, 0, sizeof *thread->fpu);
}
