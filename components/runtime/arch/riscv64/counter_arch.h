// The cycle counter, readable where settings.counters is true. Under QEMU's -icount it counts instructions.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

static inline uint64_t arch_counter(void)
{
    uint64_t value;

    __asm__ volatile("rdcycle %0" : "=r"(value) : : "memory");
    return value;
}
