// The fake machine: what each core has for itself, and the inline body.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stdint.h>

// The fake interrupt controller numbers few lines, so that a number out of range is easy to make.
#define ARCH_INTERRUPTS 128

struct arch_core {
    bool kicked;    // a kick waits
    uint64_t timer; // while another core runs; see host_switch()
};

static inline void arch_core_relax(void)
{
}
