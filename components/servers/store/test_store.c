// Host test of the store: values, limits, who is told, and what is there after an end at any moment.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <stdio.h>
#include <string.h>

#include <glue.h>

#include "crc32c.h"
#include "follows.h"
#include "values.h"

#define REGION ((uint8_t *)REGION_VALUES_BASE)
#define TOLD   host_signals[SLOT_EVENT_STORE_CHANGED_0]
#define OWN    STORE_VISIBILITY_OWN
#define OPEN   STORE_VISIBILITY_PUBLISHED

// Another client, as the store sees it. Its events lead nowhere here.
static const struct call other = {.client = 1};

static uint8_t value[VALUE_BYTES];
static size_t got;
static uint64_t epoch;
static enum store_visibility visibility;

void on_peer_log_lines(void)
{
}

void on_client_store_changed(void)
{
}

static void restart(void)
{
    follows_start();
    values_start(epoch_floor());
    follows_tell_all();
}

static void begin(void)
{
    memset(REGION, 0xa5, REGION_VALUES_BYTES);  // never a store's
    restart();
    TOLD = 0;
}

static enum status put(const char *key, enum store_visibility how, const char *text)
{
    return client_store_put(key, how, text, strlen(text), &epoch);
}

static uint64_t put_well(const char *key, enum store_visibility how, const char *text)
{
    CHECK_EQUAL(put(key, how, text), STATUS_OK);
    return epoch;
}

static bool holds(const char *key, const char *text)
{
    memset(value, 0, sizeof value);
    return client_store_get(key, &epoch, &visibility, value, sizeof value, &got) == STATUS_OK &&
           got == strlen(text) && memcmp(value, text, got) == 0;
}

static bool is_absent(const char *key)
{
    return client_store_get(key, &epoch, &visibility, value, sizeof value, &got) ==
           (enum status)STORE_ERROR_ABSENT;
}

// --- Values ------------------------------------------------------------------------------------------

TEST(a_value_is_there_until_it_is_removed)
{
    begin();
    CHECK(is_absent("name"));
    put_well("name", OWN, "first");
    CHECK(holds("name", "first"));
    CHECK(visibility == OWN);
    put_well("name", OPEN, "second");
    CHECK(holds("name", "second"));
    CHECK(visibility == OPEN);
    put_well("empty", OWN, "");
    CHECK(holds("empty", ""));
    CHECK_EQUAL(client_store_remove("name"), STATUS_OK);
    CHECK_EQUAL(client_store_remove("name"), STATUS_OK);
    CHECK(is_absent("name"));
    CHECK(holds("empty", ""));
}

TEST(the_largest_value_fits)
{
    static uint8_t large[VALUE_BYTES];

    begin();
    for (unsigned i = 0; i < sizeof large; i++)
        large[i] = (uint8_t)(i * 7);
    CHECK_EQUAL(client_store_put("large", OWN, large, sizeof large, &epoch), STATUS_OK);
    CHECK_EQUAL(client_store_get("large", &epoch, &visibility, value, sizeof value, &got), STATUS_OK);
    CHECK(got == sizeof large && memcmp(value, large, got) == 0);
}

TEST(a_key_has_a_name)
{
    begin();
    CHECK_EQUAL(put("", OWN, "x"), STORE_ERROR_BAD_KEY);
    CHECK_EQUAL(client_store_follow(""), STORE_ERROR_BAD_KEY);
    put_well("1234567890123456789012345678901", OWN, "x");
    CHECK(holds("1234567890123456789012345678901", "x"));
}

TEST(an_epoch_is_given_once_and_stays_with_what_is_the_same)
{
    begin();
    uint64_t first = put_well("a", OWN, "1"), second = put_well("b", OWN, "1");

    CHECK(first != 0 && second > first);
    CHECK_EQUAL(put_well("a", OWN, "1"), first);
    CHECK(put_well("a", OWN, "2") > second);
    CHECK(put_well("a", OPEN, "2") > second + 1);
    CHECK_EQUAL(client_store_remove("a"), STATUS_OK);
    restart();
    CHECK(put_well("a", OWN, "1") > second + 2);
}

TEST(a_client_has_as_many_keys_as_it_may)
{
    char key[KEY_BYTES];

    begin();
    for (unsigned client = 0; client < INSTANCE_CLIENTS; client++) {
        for (unsigned i = 0; i < CONFIG_KEYS; i++) {
            snprintf(key, sizeof key, "key %u", i);
            value_put(values_next_epoch(), client, false, key, "x", 1);
        }
    }
    CHECK_EQUAL(put("one more", OWN, "x"), STORE_ERROR_LIMIT);
    for (unsigned i = 0; i < 20; i++)
        put_well("key 0", OWN, i % 2 ? "odd" : "even");
    CHECK(holds("key 0", "odd"));
    CHECK_EQUAL(client_store_remove("key 1"), STATUS_OK);
    put_well("one more", OWN, "x");
}

TEST(keys_are_listed_once_each)
{
    uint32_t position = 0;
    char key[KEY_BYTES];
    unsigned seen = 0;

    begin();
    put_well("a", OWN, "1");
    put_well("b", OPEN, "2");
    put_well("a", OWN, "3");
    value_put(values_next_epoch(), 1, false, "not ours", "x", 1);
    while (client_store_next(position, &position, key, &epoch) == STATUS_OK)
        seen += key[0] == 'a' ? 1 : key[0] == 'b' ? 16 : 256;
    CHECK_EQUAL(seen, 17);
    CHECK_EQUAL(client_store_next(UINT32_MAX, &position, key, &epoch), STORE_ERROR_ABSENT);
}

// --- Several clients -----------------------------------------------------------------------------------

TEST(what_is_not_published_is_nobody_elses)
{
    begin();
    value_put(values_next_epoch(), other.client, false, "secret", "x", 1);
    CHECK(is_absent("secret"));
    CHECK_EQUAL(client_store_read("secret", &epoch, value, sizeof value, &got), STORE_ERROR_ABSENT);
    CHECK_EQUAL(client_store_remove("secret"), STATUS_OK);
    CHECK(value_own(other.client, "secret") != NULL);
    put_well("secret", OWN, "mine");
    CHECK(holds("secret", "mine"));
}

TEST(what_is_published_is_read_by_all_and_has_one_owner)
{
    begin();
    value_put(values_next_epoch(), other.client, true, "news", "x", 1);
    CHECK_EQUAL(client_store_read("news", &epoch, value, sizeof value, &got), STATUS_OK);
    CHECK(got == 1 && value[0] == 'x');
    CHECK(is_absent("news"));
    CHECK_EQUAL(put("news", OPEN, "mine"), STORE_ERROR_TAKEN);
    put_well("news", OWN, "mine");
    CHECK_EQUAL(put("news", OPEN, "mine"), STORE_ERROR_TAKEN);
}

// --- Followers -----------------------------------------------------------------------------------------

TEST(who_follows_is_told_of_changes_and_of_nothing_else)
{
    begin();
    CHECK_EQUAL(client_store_follow("news"), STATUS_OK);
    CHECK_EQUAL(client_store_follow("news"), STATUS_OK);
    put_well("news", OPEN, "1");
    CHECK_EQUAL(TOLD, 1);
    put_well("news", OPEN, "1");
    put_well("else", OPEN, "1");
    CHECK_EQUAL(TOLD, 1);
    put_well("news", OPEN, "2");
    CHECK_EQUAL(TOLD, 2);
    put_well("news", OWN, "2");  // no longer to be read
    CHECK_EQUAL(TOLD, 3);
    put_well("news", OWN, "3");
    CHECK_EQUAL(client_store_remove("news"), STATUS_OK);
    CHECK_EQUAL(TOLD, 3);
    put_well("news", OPEN, "4");
    CHECK_EQUAL(client_store_remove("news"), STATUS_OK);
    CHECK_EQUAL(TOLD, 5);
    CHECK_EQUAL(client_store_unfollow("news"), STATUS_OK);
    put_well("news", OPEN, "5");
    CHECK_EQUAL(TOLD, 5);
}

TEST(a_client_follows_as_many_as_it_may)
{
    char key[KEY_BYTES];

    begin();
    for (unsigned i = 0; i < CONFIG_FOLLOWS; i++) {
        snprintf(key, sizeof key, "key %u", i);
        CHECK_EQUAL(client_store_follow(key), STATUS_OK);
    }
    CHECK_EQUAL(client_store_follow("one more"), STORE_ERROR_LIMIT);
    CHECK_EQUAL(client_store_unfollow("key 3"), STATUS_OK);
    CHECK_EQUAL(client_store_follow("one more"), STATUS_OK);
}

TEST(a_client_that_is_gone_is_told_nothing_and_keeps_its_keys)
{
    begin();
    CHECK_EQUAL(client_store_follow("news"), STATUS_OK);
    put_well("mine", OWN, "x");
    store_client_gone(0);
    put_well("news", OPEN, "1");
    CHECK_EQUAL(TOLD, 0);
    CHECK(holds("mine", "x"));
}

TEST(a_restart_tells_who_follows_once)
{
    begin();
    restart();
    CHECK_EQUAL(TOLD, 0);
    CHECK_EQUAL(client_store_follow("a"), STATUS_OK);
    CHECK_EQUAL(client_store_follow("b"), STATUS_OK);
    restart();
    CHECK_EQUAL(TOLD, 1);
    put_well("b", OPEN, "1");
    CHECK_EQUAL(TOLD, 2);
}

// --- Ends ------------------------------------------------------------------------------------------------

static uint8_t before[REGION_VALUES_BYTES];
static unsigned orders_left;

static void end_in_time(void)
{
    if (orders_left-- == 0)
        host_end();
}

static void put_new(void)
{
    (void)put("key", OPEN, "new, and longer");
}

static void remove_it(void)
{
    CHECK_EQUAL(client_store_remove("key"), STATUS_OK);
}

static void follow_it(void)
{
    CHECK_EQUAL(client_store_follow("key"), STATUS_OK);
}

// Does it with an end of the store at the n-th place where the order of stores matters. False: there are not
// so many.
static bool ends_in(void (*what)(void), unsigned n)
{
    memcpy(REGION, before, sizeof before);
    restart();
    orders_left = n;
    host_on_order = end_in_time;
    bool is_ended = host_run(what) == HOST_IDLE;

    host_on_order = NULL;
    restart();
    return is_ended;
}

TEST(a_value_is_the_old_or_the_new_one_whenever_the_store_ends)
{
    unsigned n = 0, new_ones = 0;

    begin();
    put_well("other", OWN, "stays");
    uint64_t old_epoch = put_well("key", OPEN, "old");

    memcpy(before, REGION, sizeof before);
    for (; ends_in(put_new, n); n++) {
        bool is_new = holds("key", "new, and longer");

        new_ones += is_new;
        CHECK(is_new ? epoch > old_epoch : holds("key", "old") && epoch == old_epoch);
        CHECK(holds("other", "stays"));
        CHECK_EQUAL(values_of(0), 2);
        uint64_t seen = is_new ? old_epoch + 1 : old_epoch;

        CHECK(put_well("third", OWN, "x") > seen);
    }
    CHECK(n >= 4 && new_ones > 0 && new_ones < n);
    CHECK(holds("key", "new, and longer"));
}

TEST(a_value_is_there_or_removed_whenever_the_store_ends)
{
    unsigned n = 0;

    begin();
    put_well("other", OWN, "stays");
    put_well("key", OPEN, "old");
    memcpy(before, REGION, sizeof before);
    for (; ends_in(remove_it, n); n++) {
        CHECK(is_absent("key") || holds("key", "old"));
        CHECK(holds("other", "stays"));
    }
    CHECK(n > 0 && is_absent("key"));
}

TEST(a_follower_is_one_or_not_whenever_the_store_ends)
{
    unsigned n = 0;

    begin();
    memcpy(before, REGION, sizeof before);
    for (; ends_in(follow_it, n); n++) {
        TOLD = 0;
        CHECK_EQUAL(client_store_follow("key"), STATUS_OK);
        put_well("key", OPEN, "x");
        CHECK_EQUAL(TOLD, 1);
    }
    CHECK(n > 0);
}

TEST(what_makes_no_sense_is_gone_and_the_rest_stays)
{
    begin();
    put_well("good", OWN, "stays");
    put_well("bad", OWN, "goes");
    memcpy(before, REGION, sizeof before);
    size_t bad = (size_t)2 * VALUE_PAGE;

    for (size_t bit = 0; bit < 8 * (offsetof(struct value, data) + 4); bit++) {
        memcpy(REGION, before, sizeof before);
        REGION[bad + bit / 8] ^= (uint8_t)(1u << bit % 8);
        restart();
        CHECK(holds("good", "stays"));
        CHECK_EQUAL(values_of(0), bit < 64 && holds("bad", "goes") ? 2 : 1);  // an older epoch is as good
    }
    memset(REGION + 8, 0xff, VALUE_PAGE - 8);  // who follows
    restart();
    CHECK(holds("good", "stays"));
}

// Writes a value as nobody could who keeps to the rules, with a checksum that is right.
static void forge(uint32_t number, uint32_t client, bool is_published, const char *key)
{
    struct value *one = (struct value *)(REGION + (size_t)VALUE_PAGE * (number + 1));

    memset(one, 0, sizeof *one);
    one->client = client;
    one->is_published = is_published;
    snprintf(one->key, sizeof one->key, "%s", key);
    one->crc = crc32c(&one->client, offsetof(struct value, data) - offsetof(struct value, client));
    one->epoch = number + 1;
    if (epoch_floor() < one->epoch)
        epoch_keep(one->epoch);
}

TEST(two_who_publish_one_key_are_one_after_a_start)
{
    begin();
    forge(0, 0, true, "news");
    forge(1, 1, false, "news");
    forge(2, 1, true, "news");
    restart();
    CHECK_EQUAL(values_of(0), 0);
    CHECK_EQUAL(values_of(1), 1);
    CHECK(value_published("news")->epoch == 3);
}

TEST(more_keys_than_a_client_may_have_are_gone_after_a_start)
{
    char key[KEY_BYTES];

    begin();
    for (unsigned i = 0; i < VALUES; i++) {
        snprintf(key, sizeof key, "key %u", i);
        forge(i, 0, false, key);
    }
    restart();
    CHECK_EQUAL(values_of(0), CONFIG_KEYS);
    put_well(value_at(VALUES - 1)->key, OWN, "new");
}
