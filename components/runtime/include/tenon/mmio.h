// Device registers, and the order between them and memory that a device reads or writes.
// On the host the registers are functions of the unit test (components/runtime/arch/host/mmio_arch.h).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

#include <mmio_arch.h>

static inline uint8_t mmio_read8(uintptr_t address)
{
    return arch_mmio_read8(address);
}

static inline void mmio_write8(uintptr_t address, uint8_t value)
{
    arch_mmio_write8(address, value);
}

static inline uint16_t mmio_read16(uintptr_t address)
{
    return arch_mmio_read16(address);
}

static inline void mmio_write16(uintptr_t address, uint16_t value)
{
    arch_mmio_write16(address, value);
}

static inline uint32_t mmio_read32(uintptr_t address)
{
    return arch_mmio_read32(address);
}

static inline void mmio_write32(uintptr_t address, uint32_t value)
{
    arch_mmio_write32(address, value);
}

// Memory that we wrote is there for the device before it sees what we write next, to memory or to a register.
static inline void device_write_barrier(void)
{
    arch_device_write_barrier();
}

// What we read next from memory is not older than what we have just read from the device or its memory.
static inline void device_read_barrier(void)
{
    arch_device_read_barrier();
}
