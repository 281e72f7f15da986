// The fake machine's translation: inline bodies.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// As on the real machines, half of the user addresses are for mappings made at run time.
#define ARCH_DYNAMIC_BASE (1ull << 38)
#define ARCH_USER_END (1ull << 39)

extern const struct vspace *host_vspace; // loaded last

static inline void arch_vspace_load(const struct vspace *vspace)
{
    host_vspace = vspace;
}
