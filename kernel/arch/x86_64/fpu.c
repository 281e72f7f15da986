// FPU registers, given on first use and taken at once: when another thread runs, they are saved and hold their initial
// values, so that nothing of them can be guessed from beyond the trap (AMD APM 2, 11.5; CVE-2018-3665).
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"
#include "x86_64.h"

#include <arch/cpu.h>
#include <kernel/component.h>

// FCW at 0: all exceptions masked, 64-bit precision; MXCSR at 24: all masked.
static const struct arch_fpu initial = {.image = {[0] = 0x7f, [1] = 0x03, [24] = 0x80, [25] = 0x1f}};

static void load(const struct arch_fpu *fpu)
{
    __asm__ volatile("fxrstor64 %0" : : "m"(*fpu));
}

static void close(struct core *core)
{
    load(&initial);
    WRITE_CONTROL(cr0, READ_CONTROL(cr0) | CR0_TS);
    core->fpu_owner = NULL;
}

bool fpu_take(struct core *core, struct thread *thread)
{
    if (thread->fpu == NULL || core->fpu_owner == thread)
        return false;
    __asm__ volatile("clts" : : : "memory");
    load(thread->fpu);
    core->fpu_owner = thread;
    thread->cap_limit = 0; // the fast paths do not take the FPU away
    return true;
}

void arch_fpu_switch(struct core *core, struct thread *to)
{
    struct thread *owner = core->fpu_owner;

    if (to == owner)
        return;
    __asm__ volatile("fxsave64 %0" : "=m"(*owner->fpu));
    close(core);
    thread_allow_fast_path(owner);
}

void arch_fpu_forget(struct core *core, struct thread *thread)
{
    if (thread->fpu == NULL)
        return;
    if (core->fpu_owner == thread) {
        close(core);
        thread_allow_fast_path(thread);
    }
    *thread->fpu = initial;
}
