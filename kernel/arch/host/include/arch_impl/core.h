// The fake machine: whether a kick waits at the core, and the inline body.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

struct arch_core {
    bool kicked;
};

static inline void arch_core_relax(void)
{
}
