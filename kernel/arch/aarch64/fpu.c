// FPU registers, lazily: they stay with their owner until another thread that may use them does.
// Access from user level traps unless the running thread is the owner.
// SPDX-License-Identifier: BSD-2-Clause
#include "aarch64.h"

#include <arch/cpu.h>
#include <kernel/component.h>

#define CPACR_FPEN_KERNEL (1ull << 20)
#define CPACR_FPEN_ALL (3ull << 20)

void fpu_save(struct arch_fpu *fpu);
void fpu_load(const struct arch_fpu *fpu);

static void allow(bool user)
{
    WRITE_REGISTER(cpacr_el1, user ? CPACR_FPEN_ALL : CPACR_FPEN_KERNEL);
    ISB();
}

bool fpu_take(struct core *core, struct thread *thread)
{
    if (thread->fpu == NULL)
        return false;
    if (core->fpu_owner != thread) {
        if (core->fpu_owner)
            fpu_save(core->fpu_owner->fpu);
        fpu_load(thread->fpu);
        core->fpu_owner = thread;
    }
    allow(true);
    core->fpu_open = true;
    thread->cap_limit = 0; // the fast paths do not close the FPU
    return true;
}

void arch_fpu_switch(struct core *core, struct thread *to)
{
    bool open = to != NULL && core->fpu_owner == to;

    if (open == core->fpu_open)
        return;
    core->fpu_open = open;
    allow(open);
    if (open)
        to->cap_limit = 0;
    else
        thread_allow_fast_path(core->fpu_owner);
}

void arch_fpu_forget(struct core *core, struct thread *thread)
{
    if (thread->fpu == NULL)
        return;
    if (core->fpu_owner == thread) {
        arch_fpu_switch(core, NULL);
        core->fpu_owner = NULL;
    }
    __builtin_memset(thread->fpu, 0, sizeof *thread->fpu);
}
