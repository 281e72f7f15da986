// I/O ports of the fake machine; a test can take them away.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

bool host_port_read(uint16_t port, unsigned width, uint32_t *value);
bool host_port_write(uint16_t port, unsigned width, uint32_t value);

static inline bool arch_port_read(uint16_t port, unsigned width, uint32_t *value)
{
    return host_port_read(port, width, value);
}

static inline bool arch_port_write(uint16_t port, unsigned width, uint32_t value)
{
    return host_port_write(port, width, value);
}
