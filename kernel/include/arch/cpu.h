// What portable code may ask of any architecture's core, interrupt controller, timer and power control.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/base.h>

struct core;
struct thread;

// The core this code runs on.
static inline struct core *arch_core(void);

// `index` if it is below `count`, else 0, also under speculation.
static inline uint64_t arch_index(uint64_t index, uint64_t count);

// True if an interrupt waits to be taken. Interrupts are off in the kernel.
static inline bool arch_interrupt_pending(void);

// Takes every waiting interrupt: calls timer_interrupt(), interrupt_deliver(), or mailbox_open() after a kick.
void arch_interrupt_dispatch(struct core *core);

// Sleeps until an interrupt waits, a kick from another core included.
void arch_wait_for_interrupt(void);

// Masked; when it comes, it is for that core.
void arch_interrupt_setup(uint32_t intid, bool edge, struct core *core);
void arch_interrupt_mask(uint32_t intid);
void arch_interrupt_unmask(uint32_t intid);

// Nanoseconds since boot; never goes back.
nanos_t arch_clock(void);
// The next timer interrupt comes at or soon after `when`; one in the past comes at once.
void arch_timer_set(nanos_t when);

// Up to 4 words from the hardware's generator; false if the core has none.
bool arch_entropy(uint64_t words[4]);

// `to` (or nobody, NULL) runs next: FPU registers of another thread must be out of its reach. Called while
// core->fpu_owner is set.
void arch_fpu_switch(struct core *core, struct thread *to);
// The thread's FPU registers go back to zero and the core keeps none of them.
void arch_fpu_forget(struct core *core, struct thread *thread);

NORETURN void arch_power_off(uint8_t code);
NORETURN void arch_reset(void);

// A write of `width` bytes to device registers.
void arch_device_write(void *address, uint64_t value, unsigned width);

#include <arch_impl/cpu.h>
