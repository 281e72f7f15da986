// riscv64: what each core has of its own, and the inline body.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

// PLIC: sources 1 to 1023 (RISC-V PLIC specification 1.0, chapter 1).
#define ARCH_INTERRUPTS 1024

// Its supervisor context at the PLIC: threshold and claim registers, and which sources are to interrupt it.
struct arch_core {
    volatile char *claims;
    uint32_t sources[ARCH_INTERRUPTS / 32];
};

// A fence that orders nothing is the hint (Zihintpause); cores without it do nothing.
static inline void arch_core_relax(void)
{
    __asm__ volatile(".insn i 0x0f, 0, x0, x0, 0x010" : : : "memory");
}
