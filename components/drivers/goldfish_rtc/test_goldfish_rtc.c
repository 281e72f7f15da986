// Host test of the clock driver.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <glue.h>

#include <tenon/mmio.h>

static uint64_t nanos = 1700000000999999999u;
static uint32_t kept, enabled = 1;

uint32_t arch_mmio_read32(uintptr_t address)
{
    switch (address - DEVICE_DEV_BASE) {
    case 0x00: kept = (uint32_t)(nanos >> 32); return (uint32_t)nanos;
    case 0x04: nanos += 1ull << 32; return kept;  // time goes on between the two reads
    default: CHECK(false);
    }
    return 0;
}

void arch_mmio_write32(uintptr_t address, uint32_t value)
{
    CHECK_EQUAL(address - DEVICE_DEV_BASE, 0x10);
    enabled = value;
}

void on_peer_log_lines(void)
{
}

int component_main(void);

static void start(void)
{
    component_main();
}

TEST(whole_seconds_are_the_time)
{
    uint64_t now = 0;

    CHECK(host_run(start) == HOST_IDLE);
    CHECK_EQUAL(enabled, 0);
    nanos = 1700000000999999999u;
    CHECK_EQUAL(client_time_now(&now), STATUS_OK);
    CHECK_EQUAL(now, 1700000000);
}

TEST(times_that_need_both_halves_are_right)
{
    uint64_t now = 0;

    CHECK(host_run(start) == HOST_IDLE);
    nanos = 18000000000123456789u;
    CHECK_EQUAL(client_time_now(&now), STATUS_OK);
    CHECK_EQUAL(now, 18000000000);
}
