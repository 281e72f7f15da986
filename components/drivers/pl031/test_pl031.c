// Host test of the clock driver.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <glue.h>

#include <tenon/mmio.h>

static uint32_t seconds = 1700000000, part = 0x31, control = 1, mask = 1;

uint32_t arch_mmio_read32(uintptr_t address)
{
    switch (address - DEVICE_DEV_BASE) {
    case 0x000: return seconds;
    case 0x00c: return control;
    case 0xfe0: return part;
    default: CHECK(false);
    }
    return 0;
}

void arch_mmio_write32(uintptr_t address, uint32_t value)
{
    switch (address - DEVICE_DEV_BASE) {
    case 0x00c: control = value; break;
    case 0x010: mask = value; break;
    default: CHECK(false);
    }
}

void on_peer_log_lines(void)
{
}

int component_main(void);

static void start(void)
{
    component_main();
}

TEST(the_counter_is_the_time)
{
    uint64_t now = 0;

    CHECK(host_run(start) == HOST_IDLE);
    CHECK_EQUAL(client_time_now(&now), STATUS_OK);
    CHECK_EQUAL(now, 1700000000);
    seconds = 0xffffffff;
    CHECK_EQUAL(client_time_now(&now), STATUS_OK);
    CHECK_EQUAL(now, 0xffffffff);
    CHECK_EQUAL(mask, 0);
}

TEST(a_clock_that_stands_still_is_started)
{
    control = 0;
    CHECK(host_run(start) == HOST_IDLE);
    CHECK_EQUAL(control, 1);
}

TEST(another_device_ends_the_driver)
{
    part = 0x11;
    CHECK_EQUAL(host_run(start), 78);
    CHECK(!host_is_ready);
}
