// Keeper: puts values, and holds the store to what it acknowledged, life after life.
//
// What it knows lies in a persistent region. It may be ended between any two stores, so an answer counts with
// its number, which is stored last.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <tenon/event_loop.h>
#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/persistent.h>
#include <tenon/time.h>

#include "contents.h"

#define KEYS      6u  // the first is published
#define KEY_BYTES 32u
#define SECRET    "secret"       // nobody else's, though all know its name
#define PATIENCE  (20 * SECOND)  // for the follower, which may be ended just now
#define SAY_EVERY 64u            // rounds

// What the store was asked to keep, and what it last said that it keeps: numbers of contents. 0: nothing.
struct fact {
    uint64_t asked;
    uint64_t answered;
    uint64_t epoch;
};

struct memory {
    uint64_t steps;  // the last one's number
    uint64_t
        seen;  // an epoch that was there when the last step began, and all that were given before are lower
    struct fact facts[KEYS];
};

_Static_assert(sizeof(struct memory) <= REGION_MEMORY_BYTES, "the region `memory` holds what a keeper knows");

#define MEMORY ((volatile struct memory *)REGION_MEMORY_BASE)

static uint8_t value[VALUE_BYTES];
static char keys[KEYS][KEY_BYTES], answer_key[KEY_BYTES];

// The event is waited for where it matters.
void on_store_changed(void)
{
}

void on_timer_patience(void)
{
}

static void must(enum status status, const char *what, const char *key)
{
    if (status != STATUS_OK)
        panic("%s `%s`: status %d", what, key, (int)status);
}

static void name_keys(void)
{
    snprintf(keys[0], KEY_BYTES, PUBLISHED "%s", INSTANCE_NAME);
    for (unsigned i = 1; i < KEYS; i++)
        snprintf(keys[i], KEY_BYTES, "value %u", i);
    snprintf(answer_key, KEY_BYTES, SEEN "%s", INSTANCE_NAME);
}

static bool is_removal(unsigned key, uint64_t number)
{
    return number == 0 || (key != 0 && mixed(number) % 4 == 0);
}

// --- Checks ------------------------------------------------------------------------------------------

static void settle(volatile struct fact *fact, uint64_t epoch)
{
    fact->epoch = epoch;
    persistent_order();
    fact->answered = fact->asked;
}

// Its key is not there.
static void check_absent(unsigned key)
{
    volatile struct fact *fact = &MEMORY->facts[key];

    if (is_removal(key, fact->answered))
        return;
    if (!is_removal(key, fact->asked))
        panic("`%s` is lost: number %" PRIu64 ", epoch %" PRIu64, keys[key], fact->answered, fact->epoch);
    settle(fact, 0);
}

static void check_present(unsigned key, uint64_t number, uint64_t epoch)
{
    volatile struct fact *fact = &MEMORY->facts[key];

    if (number == fact->answered && epoch == fact->epoch)
        return;
    if (number == 0 || number != fact->asked || number == fact->answered || epoch <= MEMORY->seen)
        panic("`%s` is number %" PRIu64 " of epoch %" PRIu64 ", not %" PRIu64 " of %" PRIu64, keys[key],
              number, epoch, fact->answered, fact->epoch);
    settle(fact, epoch);
}

static void check(unsigned key)
{
    enum store_visibility visibility;
    uint64_t epoch;
    size_t bytes;
    enum status status = store_get(keys[key], &epoch, &visibility, value, sizeof value, &bytes);

    if (status == (enum status)STORE_ERROR_ABSENT) {
        check_absent(key);
        return;
    }
    must(status, "get", keys[key]);
    if ((visibility == STORE_VISIBILITY_PUBLISHED) != (key == 0))
        panic("`%s` is for others to see, or is not", keys[key]);
    check_present(key, contents_number(INSTANCE_NAME, keys[key], value, bytes), epoch);
}

// No other keys are there, and none twice.
static void check_list(void)
{
    uint32_t position = 0;
    unsigned listed = 0, expected = 1;  // the secret
    char key[KEY_BYTES];
    uint64_t epoch;
    enum status status;

    while ((status = store_next(position, &position, key, &epoch)) == STATUS_OK)
        listed++;
    if (status != (enum status)STORE_ERROR_ABSENT)
        must(status, "next", "");
    for (unsigned i = 0; i < KEYS; i++)
        expected += !is_removal(i, MEMORY->facts[i].answered);
    if (listed != expected)
        panic("%u keys are listed, not %u", listed, expected);
}

static void check_all(void)
{
    for (unsigned i = 0; i < KEYS; i++)
        check(i);
    check_list();
}

// --- Steps ---------------------------------------------------------------------------------------------

static void see(uint64_t epoch)
{
    if (epoch > MEMORY->seen)
        MEMORY->seen = epoch;
}

static void step(unsigned key)
{
    volatile struct fact *fact = &MEMORY->facts[key];
    uint64_t number = MEMORY->steps + 1, epoch = 0;

    for (unsigned i = 0; i < KEYS; i++)
        see(MEMORY->facts[i].epoch);
    fact->asked = number;
    MEMORY->steps = number;
    persistent_order();
    if (is_removal(key, number)) {
        must(store_remove(keys[key]), "remove", keys[key]);
        settle(fact, 0);
        return;
    }
    size_t bytes = contents_make(INSTANCE_NAME, keys[key], number, value);

    must(store_put(keys[key], key == 0 ? STORE_VISIBILITY_PUBLISHED : STORE_VISIBILITY_OWN, value, bytes,
                   &epoch),
         "put", keys[key]);
    if (epoch <= MEMORY->seen)
        panic("epoch %" PRIu64 " is not new, there was %" PRIu64, epoch, MEMORY->seen);
    settle(fact, epoch);
}

// Until the follower has seen what is published. Only `changed` makes it look again.
static void wait_for_follower(void)
{
    nanos_t give_up = clock_now() + PATIENCE;

    must(sys_timer_set(SLOT_TIMER_PATIENCE, give_up), "timer", "patience");
    for (;;) {
        uint64_t number = 0, epoch;
        size_t bytes;
        enum status status = store_read(answer_key, &epoch, &number, sizeof number, &bytes);

        if (status != (enum status)STORE_ERROR_ABSENT)
            must(status, "read", answer_key);
        if (status == STATUS_OK && number == MEMORY->facts[0].answered) {
            if (epoch <= MEMORY->facts[0].epoch)
                panic("epoch %" PRIu64 " answers epoch %" PRIu64, epoch, MEMORY->facts[0].epoch);
            see(epoch);
            return;
        }
        // The timer's bit may be of a wait that is over.
        if (!(wait_bits(BIT_EVENT_STORE_CHANGED | BIT_TIMER_PATIENCE) & BIT_EVENT_STORE_CHANGED) &&
            clock_now() >= give_up)
            panic("nobody told that `%s` has changed", answer_key);
    }
}

int main(void)
{
    uint64_t epoch;

    name_keys();
    must(store_follow(answer_key), "follow", answer_key);
    must(store_put(SECRET, STORE_VISIBILITY_OWN, SECRET, sizeof SECRET, &epoch), "put", SECRET);
    check_all();
    ready();
    for (;;) {
        unsigned key = (unsigned)(mixed(CONFIG_SEED + MEMORY->steps) % KEYS);

        step(key);
        check_all();
        if (key == 0)
            wait_for_follower();
        if (MEMORY->steps % SAY_EVERY == 0)
            log_info("%" PRIu64 " steps, epoch %" PRIu64, MEMORY->steps, MEMORY->seen);
    }
}
