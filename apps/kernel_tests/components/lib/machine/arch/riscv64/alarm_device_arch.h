// A goldfish clock (Android's goldfish virtual hardware; 64-bit nanoseconds since 1970 in two halves, the low
// one read first and written last). SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define RTC_TIME_LOW        0x00
#define RTC_TIME_HIGH       0x04
#define RTC_ALARM_LOW       0x08
#define RTC_ALARM_HIGH      0x0c
#define RTC_ENABLE          0x10
#define RTC_CLEAR_INTERRUPT 0x1c
#define RTC_HIGH_2020       0x15e59a35u  // the high half at the start of the year 2020

static inline bool alarm_identify(uintptr_t base)
{
    (void)mmio_read32(base + RTC_TIME_LOW);  // latches the other half
    return mmio_read32(base + RTC_TIME_HIGH) > RTC_HIGH_2020;
}

static inline void alarm_enable(uintptr_t base, uint32_t on)
{
    mmio_write32(base + RTC_ENABLE, on);
}

static inline uint32_t alarm_enabled(uintptr_t base)
{
    return mmio_read32(base + RTC_ENABLE);
}

// A time that has passed is due at once.
static inline void alarm_raise(uintptr_t base)
{
    uint32_t low = mmio_read32(base + RTC_TIME_LOW);

    mmio_write32(base + RTC_ALARM_HIGH, mmio_read32(base + RTC_TIME_HIGH));
    mmio_write32(base + RTC_ALARM_LOW, low);
}

static inline void alarm_clear(uintptr_t base)
{
    mmio_write32(base + RTC_CLEAR_INTERRUPT, 1);
}

static inline uint32_t alarm_match(uintptr_t base)
{
    return mmio_read32(base + RTC_ALARM_LOW);
}
