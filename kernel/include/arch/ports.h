// I/O space, on the architecture that has one.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

static inline uint8_t arch_port_read8(uint16_t port);
static inline void arch_port_write8(uint16_t port, uint8_t value);

#include <arch_impl/ports.h>
