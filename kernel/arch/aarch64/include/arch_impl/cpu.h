// aarch64 core: inline bodies.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

static inline struct core *arch_core(void)
{
    struct core *core;

    __asm__("mrs %0, tpidr_el1" : "=r"(core));
    return core;
}

// The comparison is hidden from the compiler, so that it cannot turn the mask back into a branch; csdb keeps the
// core from running ahead with a predicted flag (Arm ARM, C6.2 CSDB).
static inline uint64_t arch_index(uint64_t index, uint64_t count)
{
    uint64_t masked;

    __asm__("cmp %1, %2\n\tcsel %0, %1, xzr, lo\n\tcsdb" : "=r"(masked) : "r"(index), "r"(count) : "cc");
    return masked;
}

static inline bool arch_interrupt_pending(void)
{
    uint64_t isr;

    __asm__ volatile("mrs %0, isr_el1" : "=r"(isr));
    return isr & (1u << 7); // ISR_EL1.I
}
