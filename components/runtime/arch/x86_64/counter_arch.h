// The time-stamp counter, readable where settings.counters is true. Under QEMU's -icount it counts instructions.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

static inline uint64_t arch_counter(void)
{
    uint32_t low, high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
    return low | (uint64_t)high << 32;
}
