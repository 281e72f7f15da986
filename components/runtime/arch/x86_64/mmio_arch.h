// Device registers on x86_64: uncached accesses happen in program order, so only the compiler has to be held back.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

// One plain move each: a hypervisor can emulate it, a compiler cannot merge it.
static inline uint32_t arch_mmio_read32(uintptr_t address)
{
    uint32_t value;

    __asm__ volatile("movl (%1), %0" : "=r"(value) : "r"(address) : "memory");
    return value;
}

static inline void arch_mmio_write32(uintptr_t address, uint32_t value)
{
    __asm__ volatile("movl %0, (%1)" : : "r"(value), "r"(address) : "memory");
}

static inline uint8_t arch_mmio_read8(uintptr_t address)
{
    uint8_t value;

    __asm__ volatile("movb (%1), %0" : "=q"(value) : "r"(address) : "memory");
    return value;
}

static inline void arch_mmio_write8(uintptr_t address, uint8_t value)
{
    __asm__ volatile("movb %0, (%1)" : : "q"(value), "r"(address) : "memory");
}

static inline uint16_t arch_mmio_read16(uintptr_t address)
{
    uint16_t value;

    __asm__ volatile("movw (%1), %0" : "=q"(value) : "r"(address) : "memory");
    return value;
}

static inline void arch_mmio_write16(uintptr_t address, uint16_t value)
{
    __asm__ volatile("movw %0, (%1)" : : "q"(value), "r"(address) : "memory");
}

static inline void arch_device_write_barrier(void)
{
    __asm__ volatile("sfence" : : : "memory");
}

static inline void arch_device_read_barrier(void)
{
    __asm__ volatile("lfence" : : : "memory");
}
