// x86_64 translation, four levels: inline bodies (AMD APM 2, 5.3).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// One entry of the root is the user's. Half of its addresses are for mappings made at run time.
#define ARCH_DYNAMIC_BASE (1ull << 38)
#define ARCH_USER_END (1ull << 39)

static inline void arch_vspace_load(const struct vspace *vspace)
{
    __asm__ volatile("mov %0, %%cr3" : : "r"(vspace->root) : "memory");
}
