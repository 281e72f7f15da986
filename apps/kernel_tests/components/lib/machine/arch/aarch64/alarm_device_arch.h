// A PL031 clock (Arm DDI 0224). SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define RTC_DATA       0x00
#define RTC_MATCH      0x04
#define RTC_MASK       0x10
#define RTC_RAW_STATUS 0x14
#define RTC_CLEAR      0x1c
#define RTC_PART       0xfe0
#define RTC_PART_VALUE 0x31

static inline bool alarm_identify(uintptr_t base)
{
    return mmio_read32(base + RTC_PART) == RTC_PART_VALUE;
}

static inline void alarm_enable(uintptr_t base, uint32_t on)
{
    mmio_write32(base + RTC_MASK, on);
}

static inline uint32_t alarm_enabled(uintptr_t base)
{
    return mmio_read32(base + RTC_MASK);
}

// A match with the present second is due at once; the second may change in between, so it is tried until it
// is there.
static inline void alarm_raise(uintptr_t base)
{
    while (mmio_read32(base + RTC_RAW_STATUS) == 0)
        mmio_write32(base + RTC_MATCH, mmio_read32(base + RTC_DATA));
}

static inline void alarm_clear(uintptr_t base)
{
    mmio_write32(base + RTC_CLEAR, 1);
}

static inline uint32_t alarm_match(uintptr_t base)
{
    return mmio_read32(base + RTC_MATCH);
}
