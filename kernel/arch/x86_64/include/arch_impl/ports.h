// x86_64 I/O space: inline bodies.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

static inline uint8_t arch_port_read8(uint16_t port)
{
    uint8_t value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

static inline void arch_port_write8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}
