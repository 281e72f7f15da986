// riscv64 translation, Sv39: inline bodies (RISC-V privileged architecture, 10.4).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// Half of the user addresses are for mappings made at run time.
#define ARCH_DYNAMIC_BASE (1ull << 37)
#define ARCH_USER_END (1ull << 38)

static inline void arch_vspace_load(const struct vspace *vspace)
{
    __asm__ volatile("csrw satp, %0" : : "r"(vspace->root) : "memory");
}
