// x86_64 I/O space: inline bodies (Intel SDM 2, IN and OUT).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// `width`: 1, 2 or 4 bytes.
static inline uint32_t port_in(uint16_t port, unsigned width)
{
    uint32_t value = 0;

    switch (width) {
    case 1: __asm__ volatile("inb %1, %b0" : "+a"(value) : "Nd"(port) : "memory"); break;
    case 2: __asm__ volatile("inw %1, %w0" : "+a"(value) : "Nd"(port) : "memory"); break;
    default: __asm__ volatile("inl %1, %0" : "+a"(value) : "Nd"(port) : "memory"); break;
    }
    return value;
}

static inline void port_out(uint16_t port, unsigned width, uint32_t value)
{
    switch (width) {
    case 1: __asm__ volatile("outb %b0, %1" : : "a"(value), "Nd"(port) : "memory"); break;
    case 2: __asm__ volatile("outw %w0, %1" : : "a"(value), "Nd"(port) : "memory"); break;
    default: __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory"); break;
    }
}

static inline enum status arch_ports_read(const struct ports *ports, uint64_t at, uint64_t width, uint32_t *value)
{
    if (!port_range_holds(ports, at, width))
        return STATUS_BAD_ARGUMENT;
    *value = port_in((uint16_t)(ports->first + at), (unsigned)width);
    return STATUS_OK;
}

static inline enum status arch_ports_write(const struct ports *ports, uint64_t at, uint64_t width, uint32_t value)
{
    if (!port_range_holds(ports, at, width))
        return STATUS_BAD_ARGUMENT;
    port_out((uint16_t)(ports->first + at), (unsigned)width, value);
    return STATUS_OK;
}
