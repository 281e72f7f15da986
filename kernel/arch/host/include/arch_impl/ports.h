// I/O ports of the fake machine; a test can take them away.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

bool host_port_read(uint16_t port, unsigned width, uint32_t *value);
bool host_port_write(uint16_t port, unsigned width, uint32_t value);

static inline enum status arch_port_read(uint16_t port, unsigned width, uint32_t *value)
{
    return host_port_read(port, width, value) ? STATUS_OK : STATUS_BAD_SYSCALL;
}

static inline enum status arch_port_write(uint16_t port, unsigned width, uint32_t value)
{
    return host_port_write(port, width, value) ? STATUS_OK : STATUS_BAD_SYSCALL;
}
