// A device of the board that raises its interrupt when it is told to: its registers are at `base`.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <tenon/mmio.h>

#include <alarm_device_arch.h>

// Whether these are its registers.
static inline bool alarm_identify(uintptr_t base);

// Whether it may raise its interrupt: the register that the component's quiesce step writes.
static inline void alarm_enable(uintptr_t base, uint32_t on);
static inline uint32_t alarm_enabled(uintptr_t base);

// It is due at once; the interrupt line is high from here until alarm_clear().
static inline void alarm_raise(uintptr_t base);
static inline void alarm_clear(uintptr_t base);

// When it was last due: a register that nothing but alarm_raise() changes.
static inline uint32_t alarm_match(uintptr_t base);
