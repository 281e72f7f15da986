// Host test of the clock driver: a fake clock behind an index and a data port.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <glue.h>

static uint8_t cmos[128], chosen;
static unsigned updates_for;   // reads of state A that say an update is under way
static unsigned changes_after; // reads of the seconds until they change; 0: they stay

uint32_t host_port_read(uint64_t offset, unsigned width)
{
    CHECK(offset == 1 && width == 1);
    if (chosen == 0x0a)
        return updates_for > 0 && updates_for-- ? 0xa6 : 0x26;
    if (chosen == 0x00 && changes_after > 0 && --changes_after == 0)
        cmos[0]++;
    return cmos[chosen];
}

void host_port_write(uint64_t offset, unsigned width, uint32_t value)
{
    CHECK(width == 1);
    if (offset == 0) {
        CHECK(value < sizeof cmos);
        chosen = (uint8_t)value;
    } else {
        CHECK(offset == 1 && chosen == 0x0b);  // the time is nobody's to set
        cmos[chosen] = (uint8_t)value;
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

static void show(uint8_t century, uint8_t year, uint8_t month, uint8_t day, uint8_t hour, uint8_t minute, uint8_t second)
{
    cmos[0x32] = century;
    cmos[9] = year;
    cmos[8] = month;
    cmos[7] = day;
    cmos[4] = hour;
    cmos[2] = minute;
    cmos[0] = second;
    cmos[0x0d] = 0x80;
}

static uint64_t told(void)
{
    uint64_t seconds = 0;

    CHECK_EQUAL(client_time_now(&seconds), STATUS_OK);
    return seconds;
}

static void begin(uint8_t state)
{
    cmos[0x0b] = state;
    CHECK(host_run(start) == HOST_IDLE);
}

TEST(decimal_digits_and_24_hours)
{
    begin(0x02);
    show(0x20, 0x26, 0x11, 0x26, 0x20, 0x57, 0x59);
    CHECK_EQUAL(told(), 1795726679);
    show(0x20, 0x00, 0x02, 0x29, 0x23, 0x59, 0x59);
    CHECK_EQUAL(told(), 951868799);
    show(0x19, 0x70, 0x01, 0x01, 0x00, 0x00, 0x00);
    CHECK_EQUAL(told(), 0);
    show(0x21, 0x00, 0x03, 0x01, 0x00, 0x00, 0x00);
    CHECK_EQUAL(told(), 4107542400);  // 2100 is no leap year
}

TEST(binary_numbers)
{
    begin(0x06);
    show(20, 26, 11, 26, 20, 57, 59);
    CHECK_EQUAL(told(), 1795726679);
}

TEST(twelve_hours)
{
    begin(0x00);
    show(0x20, 0x26, 0x11, 0x26, 0x88, 0x57, 0x59);
    CHECK_EQUAL(told(), 1795726679);
    show(0x20, 0x26, 0x11, 0x26, 0x12, 0x00, 0x00);  // midnight
    CHECK_EQUAL(told(), 1795651200);
    show(0x20, 0x26, 0x11, 0x26, 0x92, 0x00, 0x00);  // noon
    CHECK_EQUAL(told(), 1795651200 + 12 * 3600);
    begin(0x04);
    show(20, 26, 11, 26, 0x80 | 8, 57, 59);
    CHECK_EQUAL(told(), 1795726679);
}

TEST(a_century_that_makes_no_sense_is_guessed)
{
    begin(0x02);
    show(0x00, 0x26, 0x11, 0x26, 0x20, 0x57, 0x59);
    CHECK_EQUAL(told(), 1795726679);
    show(0xff, 0x70, 0x01, 0x01, 0x00, 0x00, 0x01);
    CHECK_EQUAL(told(), 1);
}

TEST(an_update_under_way_is_waited_for)
{
    begin(0x02);
    show(0x20, 0x26, 0x11, 0x26, 0x20, 0x57, 0x58);
    updates_for = 50;
    CHECK_EQUAL(told(), 1795726678);
    changes_after = 2;  // between the two readings
    CHECK_EQUAL(told(), 1795726679);
    show(0x20, 0x26, 0x11, 0x26, 0x20, 0x57, 0x58);
    updates_for = 0;
    CHECK_EQUAL(told(), 1795726678);
}

static void ask(void)
{
    uint64_t seconds;

    (void)time_now(NULL, &seconds);
}

TEST(what_is_no_time_ends_the_driver)
{
    static const uint8_t wrong[][7] = {
        {0x20, 0x26, 0x13, 0x26, 0x20, 0x57, 0x59}, {0x20, 0x26, 0x00, 0x26, 0x20, 0x57, 0x59},
        {0x20, 0x26, 0x02, 0x29, 0x20, 0x57, 0x59}, {0x20, 0x26, 0x11, 0x00, 0x20, 0x57, 0x59},
        {0x20, 0x26, 0x11, 0x26, 0x24, 0x57, 0x59}, {0x20, 0x26, 0x11, 0x26, 0x20, 0x60, 0x59},
        {0x20, 0x26, 0x11, 0x26, 0x20, 0x57, 0x6a}, {0x20, 0xa0, 0x11, 0x26, 0x20, 0x57, 0x59},
        {0x19, 0x69, 0x12, 0x31, 0x23, 0x59, 0x59}, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
    };

    begin(0x02);
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const uint8_t *w = wrong[i];

        show(w[0], w[1], w[2], w[3], w[4], w[5], w[6]);
        CHECK_EQUAL(host_run(ask), 134);
    }
}

TEST(a_clock_that_is_never_still_ends_the_driver)
{
    begin(0x02);
    show(0x20, 0x26, 0x11, 0x26, 0x20, 0x57, 0x59);
    updates_for = ~0u;
    CHECK_EQUAL(host_run(ask), 134);
}

TEST(a_clock_that_stood_still_is_started_and_its_interrupts_are_off)
{
    begin(0xf2);
    CHECK_EQUAL(cmos[0x0b], 0x02);
}
