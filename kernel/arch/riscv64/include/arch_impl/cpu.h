// riscv64 core: inline bodies.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// In the kernel tp is the core (entry.S).
register struct core *riscv64_core __asm__("tp");

static inline struct core *arch_core(void)
{
    return riscv64_core;
}

// A mask made from the comparison, hidden from the compiler so that it cannot become a branch.
static inline uint64_t arch_index(uint64_t index, uint64_t count)
{
    uint64_t mask;

    __asm__("sltu %0, %1, %2\n\tneg %0, %0" : "=&r"(mask) : "r"(index), "r"(count));
    return index & mask;
}

static inline bool arch_interrupt_pending(void)
{
    uint64_t pending, enabled;

    __asm__ volatile("csrr %0, sip\n\tcsrr %1, sie" : "=r"(pending), "=r"(enabled));
    return pending & enabled;
}
