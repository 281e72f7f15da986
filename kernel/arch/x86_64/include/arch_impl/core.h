// x86_64: what each core has of its own, and the inline body.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

struct core;

// I/O APIC: lines are global system interrupts (ACPI 6.5, 5.2.13).
#define ARCH_INTERRUPTS 160

struct arch_core {
    uint64_t user_sp;        // of the thread whose system call begins, for a moment
    uint64_t pending[4];     // vectors taken and not yet handled, one bit each
    struct core *self;       // what arch_core() reads
    uint64_t descriptors[7]; // the global descriptor table (segments.c)
    uint32_t task_state[26]; // stacks for entries from user level and for what must not use them
    bool started;            // atomic: arrived in the kernel
};

static inline void arch_core_relax(void)
{
    __asm__ volatile("pause" : : : "memory");
}
