// There are no I/O ports.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

static inline enum status arch_port_read(uint16_t port, unsigned width, uint32_t *value)
{
    return STATUS_BAD_SYSCALL;
}

static inline enum status arch_port_write(uint16_t port, unsigned width, uint32_t value)
{
    return STATUS_BAD_SYSCALL;
}
