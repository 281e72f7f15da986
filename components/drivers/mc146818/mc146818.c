// The MC146818 real-time clock (Motorola MC146818A data sheet), reached by an index and a data register.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <string.h>

#include <tenon/log.h>
#include <tenon/panic.h>

#include <registers.h>

#define INDEX 0
#define DATA  1

// What the index chooses.
#define SECONDS  0x00
#define MINUTES  0x02
#define HOURS    0x04
#define DAY      0x07  // of the month
#define MONTH    0x08
#define YEAR     0x09
#define STATE_A  0x0a
#define STATE_B  0x0b
#define STATE_D  0x0d
#define CENTURY  0x32  // a PC's addition; firmware's tables may name another byte, no PC we know of does

#define A_UPDATES     (1u << 7)  // or is about to within 244 us
#define B_STANDS      (1u << 7)
#define B_INTERRUPTS  (7u << 4)
#define B_BINARY      (1u << 2)
#define B_24_HOURS    (1u << 1)
#define D_HAS_POWER   (1u << 7)  // its battery never failed
#define HOURS_PM      (1u << 7)

#define READS_MAX 10000  // an update takes 2 ms, and a read of the device about a microsecond
#define CENTURY_FIRST 19
#define CENTURY_LAST  29

struct shown {
    uint8_t second, minute, hour, day, month, year, century;
};

static uint8_t get(uint8_t which)
{
    register_write8(INDEX, which);
    return register_read8(DATA);
}

static void put(uint8_t which, uint8_t value)
{
    register_write8(INDEX, which);
    register_write8(DATA, value);
}

static struct shown read_once(void)
{
    return (struct shown){get(SECONDS), get(MINUTES), get(HOURS), get(DAY), get(MONTH), get(YEAR), get(CENTURY)};
}

// False: it is never still.
static bool read_stable(struct shown *shown)
{
    struct shown again;

    for (unsigned i = 0; i < READS_MAX; i++) {
        if (get(STATE_A) & A_UPDATES)
            continue;
        *shown = read_once();
        again = read_once();
        if (!(get(STATE_A) & A_UPDATES) && memcmp(shown, &again, sizeof again) == 0)
            return true;
    }
    return false;
}

// The number that a byte shows, 100 if none.
static unsigned number(uint8_t value, bool binary)
{
    if (binary)
        return value < 100 ? value : 100;
    return value >> 4 < 10 && (value & 15) < 10 ? (value >> 4) * 10u + (value & 15) : 100;
}

// 24 if it shows none.
static unsigned hour_of(uint8_t value, uint8_t state)
{
    if (state & B_24_HOURS)
        return number(value, state & B_BINARY);
    unsigned hour = number(value & (uint8_t)~HOURS_PM, state & B_BINARY);

    if (hour < 1 || hour > 12)
        return 24;
    return hour % 12 + (value & HOURS_PM ? 12 : 0);
}

static unsigned year_of(const struct shown *shown, bool binary)
{
    unsigned year = number(shown->year, binary), century = number(shown->century, binary);

    if (century < CENTURY_FIRST || century > CENTURY_LAST)
        century = year < 70 ? 20 : 19;
    return century * 100 + year;
}

static bool is_leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned days_in(unsigned month, unsigned year)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

// Days from 1970-01-01 to the first day of a later year.
static uint64_t days_before(unsigned year)
{
    unsigned last = year - 1;

    return (year - 1970) * 365ull + (last / 4 - last / 100 + last / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400);
}

// False: what is shown is no time from 1970 on.
static bool seconds_of(const struct shown *shown, uint8_t state, uint64_t *seconds)
{
    bool binary = state & B_BINARY;
    unsigned second = number(shown->second, binary), minute = number(shown->minute, binary);
    unsigned hour = hour_of(shown->hour, state), day = number(shown->day, binary);
    unsigned month = number(shown->month, binary), year = year_of(shown, binary);

    if (second > 59 || minute > 59 || hour > 23 || month < 1 || month > 12 || number(shown->year, binary) > 99)
        return false;
    if (year < 1970 || day < 1 || day > days_in(month, year))
        return false;
    uint64_t days = days_before(year) + day - 1;

    for (unsigned before = 1; before < month; before++)
        days += days_in(before, year);
    *seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    return true;
}

enum status time_now(const struct call *call, uint64_t *seconds)
{
    struct shown shown;

    (void)call;
    if (!read_stable(&shown))
        panic("the clock is never still");
    if (!seconds_of(&shown, get(STATE_B), seconds))
        panic("the clock shows no time: %02x-%02x-%02x %02x:%02x:%02x", shown.year, shown.month, shown.day, shown.hour,
              shown.minute, shown.second);
    return STATUS_OK;
}

// Its interrupts are not used, so they stay masked in the device and at the controller.
void on_interrupt_dev(void)
{
}

int main(void)
{
    uint8_t state = get(STATE_B);

    if (!(get(STATE_D) & D_HAS_POWER))
        log_warning("the clock's battery failed, so the time is wrong");
    if (state & B_STANDS)
        log_warning("the clock stood still, so the time is wrong");
    put(STATE_B, state & (uint8_t) ~(B_STANDS | B_INTERRUPTS));
    event_loop_run();
}
