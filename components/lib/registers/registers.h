// A device's registers of one byte, in memory or in I/O space: what a driver that is used with both may ask. The instance's
// device chooses components/lib/registers_<mmio or ports>/, which has the bodies in registers_impl.h. A component that includes
// this calls its device `dev`.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

#include <config.h>

static inline uint8_t register_read8(unsigned offset);
static inline void register_write8(unsigned offset, uint8_t value);

#include <registers_impl.h>
