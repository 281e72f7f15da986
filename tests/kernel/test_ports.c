// Host test of I/O ports: ranges, and what is refused.
// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <arch/ports.h>

#include <string.h>

TEST(what_is_written_reaches_the_ports_of_the_range_and_is_read_there)
{
    system_start();
    system_run(T_DISK);
    CHECK_EQUAL(sys(SYS_PORT_WRITE, S_PORTS, 4, 4, 0x11223344, 0), STATUS_OK);
    CHECK_EQUAL(host.ports[PORTS_FIRST + 4], 0x44);
    CHECK_EQUAL(host.ports[PORTS_FIRST + 7], 0x11);
    CHECK_EQUAL(sys(SYS_PORT_READ, S_PORTS, 5, 2, 0, 0), STATUS_OK);
    CHECK_EQUAL(frame_of(T_DISK)->x[1], 0x2233);
    CHECK_EQUAL(sys(SYS_PORT_WRITE, S_PORTS, 0, 1, 0xabcdef, 0), STATUS_OK);
    CHECK_EQUAL(host.ports[PORTS_FIRST], 0xef);
    CHECK_EQUAL(host.ports[PORTS_FIRST + 1], 0);
}

TEST(a_refused_access_touches_nothing_and_tells_nothing)
{
    system_start();
    memset(host.ports, 0x77, sizeof host.ports);
    system_run(T_DISK);
    frame_of(T_DISK)->x[1] = 0;
    CHECK_EQUAL(sys(SYS_PORT_READ, S_PORTS, PORTS_COUNT, 1, 0, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(frame_of(T_DISK)->x[1], 0);
    CHECK_EQUAL(sys(SYS_PORT_WRITE, S_PORTS, PORTS_COUNT - 1, 2, 0, 0), STATUS_BAD_ARGUMENT);
    for (unsigned i = 0; i < HOST_PORTS; i++)
        CHECK_EQUAL(host.ports[i], 0x77);
}

TEST(the_last_ports_there_are_can_be_reached_and_nothing_wraps_around)
{
    struct ports last = {.first = HOST_PORTS - 4, .count = 4};
    uint32_t value;

    CHECK_EQUAL(arch_ports_read(&last, 0, 4, &value), STATUS_OK);
    CHECK_EQUAL(arch_ports_read(&last, 1, 4, &value), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(arch_ports_read(&last, 0x10000, 1, &value), STATUS_BAD_ARGUMENT);
}
