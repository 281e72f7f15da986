// Device registers in a host process: a unit test is the device.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdatomic.h>
#include <stdint.h>

// Defined by the test, those that its component uses.
uint8_t arch_mmio_read8(uintptr_t address);
void arch_mmio_write8(uintptr_t address, uint8_t value);
uint16_t arch_mmio_read16(uintptr_t address);
void arch_mmio_write16(uintptr_t address, uint16_t value);
uint32_t arch_mmio_read32(uintptr_t address);
void arch_mmio_write32(uintptr_t address, uint32_t value);

static inline void arch_device_write_barrier(void)
{
    atomic_thread_fence(memory_order_seq_cst);
}

static inline void arch_device_read_barrier(void)
{
    atomic_thread_fence(memory_order_seq_cst);
}
