// aarch64 translation: inline bodies. Arm ARM D5, 4 KiB granule, 39-bit addresses, three levels.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// Half of the user addresses are for mappings made at run time.
#define ARCH_DYNAMIC_BASE (1ull << 38)
#define ARCH_USER_END (1ull << 39)

static inline void arch_vspace_load(const struct vspace *vspace)
{
    __asm__ volatile("msr ttbr0_el1, %0" : : "r"(vspace->root) : "memory"); // eret is the barrier
}
