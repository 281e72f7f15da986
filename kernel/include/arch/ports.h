// What portable code may ask of any architecture's I/O ports: an address space of their own, which only x86 has.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/base.h>

// An access of `width` bytes (1, 2 or 4) at `port`. BAD_SYSCALL: the architecture has no ports; then nothing
// happened.
static inline enum status arch_port_read(uint16_t port, unsigned width, uint32_t *value);
static inline enum status arch_port_write(uint16_t port, unsigned width, uint32_t value);

#include <arch_impl/ports.h>
