// There are no I/O ports.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

static inline enum status arch_ports_read(const struct ports *ports, uint64_t at, uint64_t width, uint32_t *value)
{
    return STATUS_BAD_ARGUMENT;
}

static inline enum status arch_ports_write(const struct ports *ports, uint64_t at, uint64_t width, uint32_t value)
{
    return STATUS_BAD_ARGUMENT;
}
