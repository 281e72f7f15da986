// The command `log`: the last records of the log store.
// SPDX-License-Identifier: BSD-2-Clause

#include "commands.h"

#include <glue.h>

#include <inttypes.h>

#include "say.h"

#define DEFAULT_COUNT 10
#define COUNT_MAX     1000

struct date {
    unsigned year, month, day;
};

// Days since 1970-01-01 to a date of the Gregorian calendar, counting years from March so that the leap day is the last.
static struct date date_of(uint64_t days)
{
    uint64_t shifted = days + 719468; // from 0000-03-01
    unsigned era_day = (unsigned)(shifted % 146097);
    unsigned year_of_era = (era_day - era_day / 1460 + era_day / 36524 - era_day / 146096) / 365;
    unsigned day_of_year = era_day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned march_month = (5 * day_of_year + 2) / 153;
    unsigned month = march_month < 10 ? march_month + 3 : march_month - 9;

    return (struct date){.year = (unsigned)(shifted / 146097) * 400 + year_of_era + (month <= 2),
                         .month = month,
                         .day = day_of_year - (153 * march_month + 2) / 5 + 1};
}

static void say_record(const struct log_store_record *record)
{
    struct date date = date_of(record->seconds / 86400);
    unsigned second = (unsigned)(record->seconds % 86400);
    uint32_t bytes = record->bytes < sizeof record->text ? record->bytes : sizeof record->text;

    say("%8" PRIu64 "  %04u-%02u-%02u %02u:%02u:%02u  ", record->sequence, date.year, date.month, date.day,
        second / 3600, second / 60 % 60, second % 60);
    for (uint32_t i = 0; i < bytes; i++) {
        char shown = record->text[i] >= ' ' && record->text[i] <= '~' ? (char)record->text[i] : '.';

        say_bytes(&shown, 1);
    }
    say("\n");
}

static bool parse_count(const char *text, uint64_t *count)
{
    for (*count = 0; *text >= '0' && *text <= '9' && *count <= COUNT_MAX; text++)
        *count = *count * 10 + (uint64_t)(*text - '0');
    return *text == 0 && *count >= 1 && *count <= COUNT_MAX;
}

void command_log(unsigned count, char *const words[])
{
    uint64_t wanted = DEFAULT_COUNT, oldest, next;

    if (count > 1 && !parse_count(words[1], &wanted)) {
        say("log: `%s` is no number from 1 to %d\n", words[1], COUNT_MAX);
        return;
    }
    if (store_bounds(&oldest, &next) != STATUS_OK) {
        say("log: the log store does not answer\n");
        return;
    }
    for (uint64_t sequence = next - oldest > wanted ? next - wanted : oldest; sequence < next; sequence++) {
        struct log_store_record record;
        enum status status = store_read(sequence, &record);

        if (status == STATUS_OK)
            say_record(&record);
        else
            say("%8" PRIu64 "  (%s)\n", sequence, status == LOG_STORE_ERROR_ABSENT ? "damaged" : "cannot be read");
    }
    say("%" PRIu64 " records on the disk\n", next - oldest);
}
