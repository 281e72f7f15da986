// The second comparator of the HPET (IA-PC HPET 1.0a, 2.3). The kernel measures by the counter at boot, and then leaves it alone.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define HPET_IDENTITY       0x000
#define HPET_CONTROL        0x010
#define HPET_INTERRUPTS     0x020
#define HPET_COUNT          0x0f0
#define HPET_TIMER          0x120
#define HPET_MATCH          0x128
#define HPET_VENDOR         0x8086u                    // in the upper half of the identity
#define HPET_TIMER_LEVEL    (1u << 1 | 1u << 2 | 1u << 8)  // level, enabled, 32 bits
#define HPET_TIMER_LINE     (16u << 9)                 // as the board's device tree says
#define HPET_TIMER_RAISED   (1u << 1)

static inline bool alarm_identify(uintptr_t base)
{
    return mmio_read32(base + HPET_IDENTITY) >> 16 == HPET_VENDOR;
}

static inline void alarm_enable(uintptr_t base, uint32_t on)
{
    mmio_write32(base + HPET_CONTROL, on);
}

static inline uint32_t alarm_enabled(uintptr_t base)
{
    return mmio_read32(base + HPET_CONTROL);
}

static inline void alarm_raise(uintptr_t base)
{
    mmio_write32(base + HPET_TIMER, HPET_TIMER_LEVEL | HPET_TIMER_LINE);
    mmio_write32(base + HPET_MATCH, mmio_read32(base + HPET_COUNT));
}

static inline void alarm_clear(uintptr_t base)
{
    mmio_write32(base + HPET_INTERRUPTS, HPET_TIMER_RAISED);
}

static inline uint32_t alarm_match(uintptr_t base)
{
    return mmio_read32(base + HPET_MATCH);
}
