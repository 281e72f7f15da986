// aarch64: what each core has of its own, and the inline body.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// GICv3 without LPIs: INTID 0 to 1019 (Arm IHI 0069, 2.2).
#define ARCH_INTERRUPTS 1020

// Its redistributor: the control page, and the one with its private interrupts (Arm IHI 0069, 12.10).
struct arch_core {
    volatile char *redistributor, *private_interrupts;
};

static inline void arch_core_relax(void)
{
    __asm__ volatile("yield" : : : "memory");
}
