// The fake machine's core: inline bodies. Several tests may share one process image, so the core is a pointer.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

extern struct core *host_core;

bool host_interrupt_pending(void);

static inline struct core *arch_core(void)
{
    return host_core;
}

static inline uint64_t arch_index(uint64_t index, uint64_t count)
{
    return index < count ? index : 0;
}

static inline bool arch_interrupt_pending(void)
{
    return host_interrupt_pending();
}
