// What portable code may ask of any architecture's I/O ports: an address space of their own, which only x86 has.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

static inline bool port_range_holds(const struct ports *ports, uint64_t at, uint64_t width)
{
    return (width == 1 || width == 2 || width == 4) && at < ports->count && width <= ports->count - at;
}

// An access of `width` bytes, `at` bytes into the range. BAD_ARGUMENT: not 1, 2 or 4 bytes, or not all of them in the
// range, as where the architecture has no ports and no range holds any; then nothing happened.
static inline enum status arch_ports_read(const struct ports *ports, uint64_t at, uint64_t width, uint32_t *value);
static inline enum status arch_ports_write(const struct ports *ports, uint64_t at, uint64_t width, uint32_t value);

#include <arch_impl/ports.h>
