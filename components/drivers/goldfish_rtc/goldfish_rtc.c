// The goldfish real-time clock (Android's goldfish virtual hardware, RTC): nanoseconds since 1970.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <tenon/log.h>
#include <tenon/mmio.h>

#define TIME_LOW        0x00  // reading it keeps the other half for TIME_HIGH
#define TIME_HIGH       0x04
#define IRQ_ENABLED     0x10
#define NANOS_IN_SECOND 1000000000u

static uint64_t seconds_now(void)
{
    uint64_t low = mmio_read32(DEVICE_DEV_BASE + TIME_LOW);

    return (low | (uint64_t)mmio_read32(DEVICE_DEV_BASE + TIME_HIGH) << 32) / NANOS_IN_SECOND;
}

enum status time_now(const struct call *call, uint64_t *seconds)
{
    (void)call;
    *seconds = seconds_now();
    return STATUS_OK;
}

// The alarm is not used, so its interrupt stays masked in the device and at the controller.
void on_interrupt_dev(void)
{
    mmio_write32(DEVICE_DEV_BASE + IRQ_ENABLED, 0);
}

int main(void)
{
    mmio_write32(DEVICE_DEV_BASE + IRQ_ENABLED, 0);
    if (seconds_now() == 0)
        log_warning("the clock was never set, so the time is wrong");
    event_loop_run();
}
