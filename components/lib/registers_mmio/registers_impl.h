// Registers in memory, one byte apart.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <tenon/mmio.h>

static inline uint8_t register_read8(unsigned offset)
{
    return mmio_read8(DEVICE_DEV_BASE + offset);
}

static inline void register_write8(unsigned offset, uint8_t value)
{
    mmio_write8(DEVICE_DEV_BASE + offset, value);
}
