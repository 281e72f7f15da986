// Device registers on riscv64. Fences order memory against input and output (RISC-V unprivileged, 2.7).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

// One plain load or store each: a hypervisor can emulate it, a compiler cannot merge it.
static inline uint32_t arch_mmio_read32(uintptr_t address)
{
    uint32_t value;

    __asm__ volatile("lwu %0, 0(%1)" : "=r"(value) : "r"(address) : "memory");
    return value;
}

static inline void arch_mmio_write32(uintptr_t address, uint32_t value)
{
    __asm__ volatile("sw %0, 0(%1)" : : "r"(value), "r"(address) : "memory");
}

static inline uint8_t arch_mmio_read8(uintptr_t address)
{
    uint32_t value;

    __asm__ volatile("lbu %0, 0(%1)" : "=r"(value) : "r"(address) : "memory");
    return (uint8_t)value;
}

static inline void arch_mmio_write8(uintptr_t address, uint8_t value)
{
    __asm__ volatile("sb %0, 0(%1)" : : "r"((uint32_t)value), "r"(address) : "memory");
}

static inline uint16_t arch_mmio_read16(uintptr_t address)
{
    uint32_t value;

    __asm__ volatile("lhu %0, 0(%1)" : "=r"(value) : "r"(address) : "memory");
    return (uint16_t)value;
}

static inline void arch_mmio_write16(uintptr_t address, uint16_t value)
{
    __asm__ volatile("sh %0, 0(%1)" : : "r"((uint32_t)value), "r"(address) : "memory");
}

static inline void arch_device_write_barrier(void)
{
    __asm__ volatile("fence w, ow" : : : "memory");
}

static inline void arch_device_read_barrier(void)
{
    __asm__ volatile("fence ir, r" : : : "memory");
}
