// FPU registers of the fake machine: only who may touch them is kept.
// SPDX-License-Identifier: BSD-2-Clause
#include <arch/cpu.h>

#include <kernel/object.h>

void arch_fpu_switch(struct core *core, struct thread *to)
{
    core->fpu_open = to != NULL && core->fpu_owner == to;
}

void arch_fpu_forget(struct core *core, struct thread *thread)
{
    if (thread->fpu == NULL)
        return;
    if (core->fpu_owner == thread) {
        core->fpu_owner = NULL;
        core->fpu_open = false;
    }
    *thread->fpu = (struct arch_fpu){0};
}
