// Exerciser: the stubs against a server in another address space.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>
#include <tenon/log.h>
#include <tenon/time.h>

static unsigned failures;

#define CHECK(name, condition)                                   \
    do {                                                         \
        if (condition) {                                         \
            log_info("pass stubs " name);                        \
        } else {                                                 \
            log_error("fail stubs " name ": line %d", __LINE__); \
            failures++;                                          \
        }                                                        \
    } while (0)

static void check_registers(void)
{
    uint64_t sum = 0;

    CHECK("add", full_add(UINT64_MAX, 2, &sum) == STATUS_OK && sum == 1);

    struct full_sample turned, sample = {.number = 5, .shape = FULL_SHAPE_SQUARE, .small = 7};

    CHECK("turn", full_turn(&sample, &turned) == STATUS_OK && turned.number == ~5ull &&
                      turned.shape == FULL_SHAPE_CIRCLE && turned.small == 8);
    sample.shape = FULL_SHAPE_CIRCLE;
    CHECK("error", full_turn(&sample, &turned) == FULL_ERROR_ROUND);
    sample.shape = 2;
    CHECK("malformed", full_turn(&sample, &turned) == STATUS_BAD_MESSAGE);
}

static void check_copied(void)
{
    char reversed[201];

    CHECK("reverse", full_reverse("a nut for a jar of tuna!", reversed) == STATUS_OK &&
                         strcmp(reversed, "!anut fo raj a rof tun a") == 0);
    CHECK("empty", full_reverse("", reversed) == STATUS_OK && reversed[0] == 0);

    static struct full_table table, scaled;

    for (unsigned i = 0; i < 8; i++)
        table.rows[i] = (struct full_sample){.number = i, .shape = i % 2, .small = (uint16_t)i};
    CHECK("scale", full_scale(&table, 3, &scaled) == STATUS_OK && scaled.rows[7].number == 21 &&
                       scaled.rows[7].shape == 1 && scaled.rows[6].small == 6);
}

static void check_lent(void)
{
    static uint8_t data[20000], inverted[20000];
    size_t bytes = 0;
    bool same = true;

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7);
    enum status status = full_invert(data, sizeof data, inverted, sizeof inverted, &bytes);

    for (size_t i = 0; i < sizeof data; i++)
        same &= (inverted[i] ^ data[i]) == 0xff;
    CHECK("invert", status == STATUS_OK && bytes == sizeof data && same);
    CHECK("too little room", full_invert(data, 100, inverted, 99, &bytes) == STATUS_BAD_MESSAGE);
    CHECK("too long", full_invert(data, 20001, inverted, sizeof inverted, &bytes) == STATUS_BAD_ARGUMENT);
    CHECK("nothing", full_invert(data, 0, inverted, sizeof inverted, &bytes) == STATUS_OK && bytes == 0);
}

static void check_buffers(void)
{
    size_t bytes = 0;

    memcpy(full_fill_pattern_buffer(), "abc", 3);
    CHECK("fill", full_fill(3, &bytes) == STATUS_OK && bytes == 8192);
    CHECK("filled", memcmp(full_fill_filled_buffer(), "abcabcab", 8) == 0);
}

static void check_deferred(void)
{
    bool waited = false;
    nanos_t before = clock_now();

    CHECK("later",
          full_later(20, &waited) == STATUS_OK && waited && clock_now() - before >= 20 * MILLISECOND);
}

static void check_streams(void)
{
    uint64_t number, expected = 0;

    CHECK("start", full_start(40) == STATUS_OK);
    wait_bits(BIT_EVENT_FULL_RUNG);
    while (full_numbers_take(&number) && number == expected)
        expected++;
    // Sixteen found room; the rest was lost and counted.
    CHECK("numbers", expected == 16 && !full_numbers_take(&number));
    CHECK("lost", queue_lost((struct queue *)STREAM_FULL_NUMBERS_BASE) == 1);
    poll_bits(BIT_STREAM_FULL_NUMBERS);

    for (uint64_t i = 1; i <= 20; i++)
        while (!full_back_put(&(struct full_sample){.number = i}))
            sleep_on(TIMER(PAUSE), MILLISECOND);
    wait_bits(BIT_STREAM_FULL_NUMBERS);
    CHECK("back", full_numbers_take(&number) && number == 210);
}

void on_timer_pause(void)
{
}

void on_full_rung(void)
{
}

void on_full_numbers(void)
{
}

int main(void)
{
    check_registers();
    check_copied();
    check_lent();
    check_buffers();
    check_deferred();
    check_streams();
    sys_power(SLOT_POWER, POWER_OFF, failures != 0);
    return 1;
}
