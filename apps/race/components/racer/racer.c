// Racer: random calls to targets on all cores. An answer must be right; a call that ended without one must leave what was
// lent alone from then on. A wrong byte ends the race.
// SPDX-License-Identifier: BSD-2-Clause
#include "../race.h"

#include <stdio.h>

#define TARGETS 4
#define FLAGS (BIT_EVENT_TARGET0_FLAG | BIT_EVENT_TARGET1_FLAG | BIT_EVENT_TARGET2_FLAG | BIT_EVENT_TARGET3_FLAG)

static const slot_t targets[TARGETS] = {SLOT_USE_TARGET0, SLOT_USE_TARGET1, SLOT_USE_TARGET2, SLOT_USE_TARGET3};
static const uint64_t flags[TARGETS] = {BIT_EVENT_TARGET0_FLAG, BIT_EVENT_TARGET1_FLAG, BIT_EVENT_TARGET2_FLAG,
                                        BIT_EVENT_TARGET3_FLAG};

static uint64_t random;
static uint8_t lent[2][LENT_BYTES + 5]; // two places, odd ones
static uint64_t left_seed;              // of the place that nobody may write now; 0: there is none
static unsigned left;
static unsigned answers, timeouts, deaths;

void on_target0_flag(void) {}
void on_target1_flag(void) {}
void on_target2_flag(void) {}
void on_target3_flag(void) {}

static void fail(const char *what, uint64_t got, uint64_t expected)
{
    char line[CONSOLE_WRITE_MAX];
    int bytes = snprintf(line, sizeof line, "%s: %s: got 0x%lx, expected 0x%lx\n", INSTANCE_NAME, what,
                         (unsigned long)got, (unsigned long)expected);

    sys_console_write(SLOT_CONSOLE, line, (size_t)bytes);
    sys_exit(1);
}

static void expect(const char *what, uint64_t got, uint64_t expected)
{
    if (got != expected)
        fail(what, got, expected);
}

static void expect_pattern(const char *what, const uint8_t *bytes, uint64_t seed)
{
    for (unsigned i = 0; i < LENT_BYTES; i++)
        expect(what, bytes[i], pattern(seed, i));
}

// How a call can end here: by its answer, by its timeout, or with its target.
static bool answered(enum status status)
{
    if (status != STATUS_OK && status != STATUS_TIMED_OUT && status != STATUS_PEER_DIED)
        fail("status of a call", status, STATUS_OK);
    answers += status == STATUS_OK;
    timeouts += status == STATUS_TIMED_OUT;
    deaths += status == STATUS_PEER_DIED;
    return status == STATUS_OK;
}

static void race_mix(unsigned target)
{
    struct message message = {.info = message_info(RACE_MIX, MESSAGE_WORDS, 0, false)};
    uint64_t words[MESSAGE_WORDS];

    for (unsigned i = 0; i < MESSAGE_WORDS; i++)
        message.words[i] = words[i] = next_random(&random);
    if (!answered(sys_call(targets[target], &message)))
        return;
    for (unsigned i = 0; i < MESSAGE_WORDS; i++)
        expect("a word of an answer", message.words[i], mixed(words[i], i));
}

static enum status call_lent(unsigned target, enum race label, uint8_t *bytes, uint64_t seed, uint64_t rights,
                             uint64_t *answer)
{
    struct message message = {.info = message_info(label, 1, 1, false), .words = {seed}};

    message.words[LEND_FIRST_WORD] = (uintptr_t)bytes;
    message.words[LEND_FIRST_WORD + 1] = LENT_BYTES | rights;
    enum status status = sys_call(targets[target], &message);

    *answer = message.words[0];
    return status;
}

static void race_fill(unsigned target, enum race label)
{
    unsigned place = left_seed ? 1 - left : next_random(&random) & 1;
    uint8_t *bytes = lent[place] + (next_random(&random) & 3);
    uint64_t seed = next_random(&random), result;
    enum status status = call_lent(target, label, bytes, seed, LEND_WRITE, &result);

    // By way of the next target the call may also come back with what became of that one.
    if (answered(status) && (label != RACE_PASS || answered((enum status)result))) {
        expect("status of a copy out", result, STATUS_OK);
        expect_pattern("a byte that was to be filled", bytes, seed);
        return;
    }
    fill(lent[place], ~seed);
    left = place;
    left_seed = ~seed;
}

static void race_sum(unsigned target)
{
    static uint8_t bytes[LENT_BYTES];
    uint64_t result;

    fill(bytes, next_random(&random));
    if (answered(call_lent(target, RACE_SUM, bytes, 0, LEND_READ, &result)))
        expect("the sum of what was lent", result, sum(bytes));
}

static void race_flag(unsigned target)
{
    struct message message = {.info = message_info(RACE_FLAG, 0, 0, false)}, seen;

    do // what is left of calls that were not answered
        sys_poll(&seen);
    while (message_kind(&seen) != KIND_NONE);
    if (!answered(sys_call(targets[target], &message)))
        return;
    expect("status of a signal", message.words[0], STATUS_OK);
    sys_poll(&seen);
    expect("kind of what arrived before the answer", message_kind(&seen), KIND_NOTIFICATION);
    expect("its bits", seen.words[0] & flags[target], flags[target]);
    expect("other bits", seen.words[0] & ~FLAGS, 0);
}

static void race_crash(unsigned target)
{
    struct message message = {.info = message_info(RACE_CRASH, 0, 0, false)};

    if (answered(sys_call(targets[target], &message)))
        fail("an answer of the dead", 0, STATUS_PEER_DIED);
}

// What was lent to a call that has ended is ours alone, at once and for good.
static void look_at_what_was_left(void)
{
    if (left_seed == 0)
        return;
    expect_pattern("a byte written after its call had ended", lent[left], left_seed);
    if (next_random(&random) % 4 == 0)
        left_seed = 0;
}

static void one_round(void)
{
    unsigned target = next_random(&random) % TARGETS, what = next_random(&random) % 100;

    if (what < 30)
        race_mix(target);
    else if (what < 45)
        race_fill(target, RACE_FILL);
    else if (what < 60)
        race_fill(target, RACE_PASS);
    else if (what < 70)
        race_fill(target, RACE_HOLD);
    else if (what < 84)
        race_sum(target);
    else if (what < 99)
        race_flag(target);
    else
        race_crash(target);
    look_at_what_was_left();
}

static void finish(void)
{
    char line[CONSOLE_WRITE_MAX];
    int bytes = snprintf(line, sizeof line, "%s: %u answers, %u timeouts, %u deaths\n", INSTANCE_NAME, answers, timeouts,
                         deaths);

    sys_console_write(SLOT_CONSOLE, line, (size_t)bytes);
    sys_ready();
}

int main(void)
{
    random = sys_clock(SLOT_CLOCK) * 2654435761u + CONFIG_SEED * 1000ull + CONFIG_NUMBER + 1;
    for (unsigned round = 0;; round++) {
        one_round();
        if (round == CONFIG_ROUNDS)
            finish();
    }
}
