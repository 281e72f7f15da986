// Ports: consecutive I/O ports, a device's registers where these are no memory. No state, so no home.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/ports.h>

#include <arch/ports.h>

static bool lies_within(const struct ports *ports, uint64_t offset, uint64_t width)
{
    return (width == 1 || width == 2 || width == 4) && offset < ports->count && width <= ports->count - offset;
}

enum status ports_read(const struct ports *ports, uint64_t offset, uint64_t width, uint32_t *value)
{
    if (!lies_within(ports, offset, width))
        return STATUS_BAD_ARGUMENT;
    return arch_port_read((uint16_t)(ports->first + offset), (unsigned)width, value);
}

enum status ports_write(const struct ports *ports, uint64_t offset, uint64_t width, uint32_t value)
{
    if (!lies_within(ports, offset, width))
        return STATUS_BAD_ARGUMENT;
    return arch_port_write((uint16_t)(ports->first + offset), (unsigned)width, value);
}
