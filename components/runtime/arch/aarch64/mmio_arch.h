// Device registers on aarch64. Barriers are for the outer shareable domain, where devices are (Arm ARM B2.3).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

// One plain load or store each: a hypervisor can emulate it, a compiler cannot merge it.
static inline uint32_t arch_mmio_read32(uintptr_t address)
{
    uint32_t value;

    __asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
    return value;
}

static inline void arch_mmio_write32(uintptr_t address, uint32_t value)
{
    __asm__ volatile("str %w0, [%1]" : : "rZ"(value), "r"(address) : "memory");
}

static inline uint8_t arch_mmio_read8(uintptr_t address)
{
    uint32_t value;

    __asm__ volatile("ldrb %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
    return (uint8_t)value;
}

static inline void arch_mmio_write8(uintptr_t address, uint8_t value)
{
    __asm__ volatile("strb %w0, [%1]" : : "rZ"((uint32_t)value), "r"(address) : "memory");
}

static inline uint16_t arch_mmio_read16(uintptr_t address)
{
    uint32_t value;

    __asm__ volatile("ldrh %w0, [%1]" : "=r"(value) : "r"(address) : "memory");
    return (uint16_t)value;
}

static inline void arch_mmio_write16(uintptr_t address, uint16_t value)
{
    __asm__ volatile("strh %w0, [%1]" : : "rZ"((uint32_t)value), "r"(address) : "memory");
}

static inline void arch_device_write_barrier(void)
{
    __asm__ volatile("dmb oshst" : : : "memory");
}

static inline void arch_device_read_barrier(void)
{
    __asm__ volatile("dmb oshld" : : : "memory");
}
