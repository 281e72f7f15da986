// Registers in I/O space: the kernel accesses them for us, if they are in the device's range.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <tenon/panic.h>
#include <tenon/syscall.h>

static inline uint8_t register_read8(unsigned offset)
{
    uint32_t value;

    if (sys_port_read(SLOT_PORTS_DEV, offset, 1, &value) != STATUS_OK)
        panic("port %u of the device is not ours", offset);
    return (uint8_t)value;
}

static inline void register_write8(unsigned offset, uint8_t value)
{
    if (sys_port_write(SLOT_PORTS_DEV, offset, 1, value) != STATUS_OK)
        panic("port %u of the device is not ours", offset);
}
