// x86_64 core: inline bodies.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// In the kernel gs is the core (entry.S), which holds its own address.
static inline struct core *arch_core(void)
{
    struct core *core;

    __asm__("mov %%gs:88, %0" : "=r"(core));
    return core;
}

// A mask made from the comparison, hidden from the compiler so that it cannot become a branch.
static inline uint64_t arch_index(uint64_t index, uint64_t count)
{
    uint64_t mask;

    __asm__("cmp %2, %1\n\tsbb %0, %0" : "=r"(mask) : "r"(index), "r"(count) : "cc");
    return index & mask;
}

bool x86_64_interrupt_pending(void);

static inline bool arch_interrupt_pending(void)
{
    return x86_64_interrupt_pending();
}
