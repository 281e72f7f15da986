// Follower: reads what keepers publish when it is told of a change, and publishes which it has seen.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>
#include <stdio.h>

#include <tenon/event_loop.h>
#include <tenon/log.h>
#include <tenon/panic.h>

#include "contents.h"

#define KEY_BYTES 32u
#define SECRET    "secret"  // of each keeper; see keeper.c
#define ABSENT    ((enum status)STORE_ERROR_ABSENT)

static struct {
    const char *name;
    uint64_t epoch, number;  // the last it has seen; 0: none
} keepers[] = {{"keeper0", 0, 0}, {"keeper1", 0, 0}};

#define KEEPERS (sizeof keepers / sizeof keepers[0])

static uint8_t value[VALUE_BYTES];

static void must(enum status status, enum status expected, const char *what, const char *key)
{
    if (status != expected)
        panic("%s `%s`: status %d", what, key, (int)status);
}

static void say_seen(unsigned keeper)
{
    char key[KEY_BYTES];
    uint64_t epoch, number = keepers[keeper].number;

    snprintf(key, sizeof key, SEEN "%s", keepers[keeper].name);
    must(store_put(key, STORE_VISIBILITY_PUBLISHED, &number, sizeof number, &epoch), STATUS_OK, "put", key);
    if (epoch <= keepers[keeper].epoch)
        panic("epoch %" PRIu64 " answers epoch %" PRIu64, epoch, keepers[keeper].epoch);
}

static void look(unsigned keeper)
{
    char key[KEY_BYTES];
    uint64_t epoch;
    size_t bytes;

    snprintf(key, sizeof key, PUBLISHED "%s", keepers[keeper].name);
    enum status status = store_read(key, &epoch, value, sizeof value, &bytes);

    if (status == ABSENT && keepers[keeper].epoch == 0)
        return;
    must(status, STATUS_OK, "read", key);
    uint64_t number = contents_number(keepers[keeper].name, key, value, bytes);

    if (number == 0)
        panic("`%s` is not what was put", key);
    if (epoch < keepers[keeper].epoch ||
        (epoch == keepers[keeper].epoch) != (number == keepers[keeper].number))
        panic("`%s` is number %" PRIu64 " of epoch %" PRIu64 ", after %" PRIu64 " of %" PRIu64, key, number,
              epoch, keepers[keeper].number, keepers[keeper].epoch);
    keepers[keeper].epoch = epoch;
    keepers[keeper].number = number;
    say_seen(keeper);
}

// What a keeper published is there for all, and has one owner. What it did not publish is nobody else's.
static void try_what_is_denied(unsigned keeper)
{
    enum store_visibility visibility;
    char key[KEY_BYTES];
    uint64_t epoch;
    size_t bytes;

    snprintf(key, sizeof key, PUBLISHED "%s", keepers[keeper].name);
    must(store_read(key, &epoch, value, sizeof value, &bytes), STATUS_OK, "read", key);
    must(store_get(key, &epoch, &visibility, value, sizeof value, &bytes), ABSENT, "get", key);
    must(store_put(key, STORE_VISIBILITY_PUBLISHED, "x", 1, &epoch), (enum status)STORE_ERROR_TAKEN, "put",
         key);
    must(store_read(SECRET, &epoch, value, sizeof value, &bytes), ABSENT, "read", SECRET);
    must(store_get(SECRET, &epoch, &visibility, value, sizeof value, &bytes), ABSENT, "get", SECRET);
    log_info("what %s published is there, its secret is not", keepers[keeper].name);
}

void on_store_changed(void)
{
    for (unsigned i = 0; i < KEEPERS; i++) {
        bool was_seen = keepers[i].epoch != 0;

        look(i);
        if (!was_seen && keepers[i].epoch != 0)
            try_what_is_denied(i);
    }
}

int main(void)
{
    char key[KEY_BYTES];

    for (unsigned i = 0; i < KEEPERS; i++) {
        snprintf(key, sizeof key, PUBLISHED "%s", keepers[i].name);
        must(store_follow(key), STATUS_OK, "follow", key);
    }
    on_store_changed();
    event_loop_run();
}
