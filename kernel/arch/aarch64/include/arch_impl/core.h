// aarch64: what each core has of its own, and the inline body.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// Its redistributor: the control page, and the one with its private interrupts (Arm IHI 0069, 12.10).
struct arch_core {
    volatile char *redistributor, *private_interrupts;
};

static inline void arch_core_relax(void)
{
    __asm__ volatile("yield" : : : "memory");
}
