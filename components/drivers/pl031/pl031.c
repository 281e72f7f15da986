// The PL031 real-time clock (Arm DDI 0224): a counter of seconds that keeps running.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <tenon/log.h>
#include <tenon/mmio.h>
#include <tenon/panic.h>

#define RTCDR         0x000
#define RTCCR         0x00c
#define RTCIMSC       0x010
#define RTCPERIPHID0  0xfe0
#define RTCCR_STARTED 1u
#define PART_LOW      0x31u // of part number 0x031

enum status time_now(const struct call *call, uint64_t *seconds)
{
    (void)call;
    *seconds = mmio_read32(DEVICE_DEV_BASE + RTCDR);
    return STATUS_OK;
}

// The alarm is not used, so its interrupt stays masked in the device and at the controller.
void on_interrupt_dev(void)
{
    mmio_write32(DEVICE_DEV_BASE + RTCIMSC, 0);
}

int main(void)
{
    if ((mmio_read32(DEVICE_DEV_BASE + RTCPERIPHID0) & 0xff) != PART_LOW)
        refuse("the device is no PL031");
    mmio_write32(DEVICE_DEV_BASE + RTCIMSC, 0);
    if (!(mmio_read32(DEVICE_DEV_BASE + RTCCR) & RTCCR_STARTED)) {
        log_warning("the clock stood still, so the time is wrong");
        mmio_write32(DEVICE_DEV_BASE + RTCCR, RTCCR_STARTED);
    }
    event_loop_run();
}
