// x86_64 I/O space: inline bodies (Intel SDM 2, IN and OUT).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

static inline enum status arch_port_read(uint16_t port, unsigned width, uint32_t *value)
{
    uint32_t found = 0;

    switch (width) {
    case 1: __asm__ volatile("inb %1, %b0" : "+a"(found) : "Nd"(port) : "memory"); break;
    case 2: __asm__ volatile("inw %1, %w0" : "+a"(found) : "Nd"(port) : "memory"); break;
    default: __asm__ volatile("inl %1, %0" : "+a"(found) : "Nd"(port) : "memory"); break;
    }
    *value = found;
    return STATUS_OK;
}

static inline enum status arch_port_write(uint16_t port, unsigned width, uint32_t value)
{
    switch (width) {
    case 1: __asm__ volatile("outb %b0, %1" : : "a"(value), "Nd"(port) : "memory"); break;
    case 2: __asm__ volatile("outw %w0, %1" : : "a"(value), "Nd"(port) : "memory"); break;
    default: __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory"); break;
    }
    return STATUS_OK;
}
