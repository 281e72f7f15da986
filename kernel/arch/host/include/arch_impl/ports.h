// I/O ports of the fake machine.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

uint8_t *host_port(uint32_t port);

static inline enum status arch_ports_read(const struct ports *ports, uint64_t at, uint64_t width, uint32_t *value)
{
    if (!port_range_holds(ports, at, width))
        return STATUS_BAD_ARGUMENT;
    __builtin_memcpy(value, host_port(ports->first + (uint32_t)at), width);
    return STATUS_OK;
}

static inline enum status arch_ports_write(const struct ports *ports, uint64_t at, uint64_t width, uint32_t value)
{
    if (!port_range_holds(ports, at, width))
        return STATUS_BAD_ARGUMENT;
    __builtin_memcpy(host_port(ports->first + (uint32_t)at), &value, width);
    return STATUS_OK;
}
