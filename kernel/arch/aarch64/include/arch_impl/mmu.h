// aarch64 translation: inline bodies. Arm ARM D5, 4 KiB granule, 39-bit addresses, three levels.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

static inline void arch_vspace_load(const struct vspace *vspace)
{
    __asm__ volatile("msr ttbr0_el1, %0\n\tisb" : : "r"(vspace->root) : "memory");
}
