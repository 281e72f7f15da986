// What portable code may ask of any architecture's FPU handling.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

struct core;
struct thread;

// `to` (or nobody, NULL) runs next: FPU registers of another thread must be out of its reach. Called while
// core->fpu_owner is set.
void arch_fpu_switch(struct core *core, struct thread *to);
