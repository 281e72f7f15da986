// See follows.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "follows.h"

#include <string.h>

#include <glue.h>
#include <tenon/persistent.h>

#include "values.h"

#define MAGIC 0x31766f54u  // "Tov1"

struct follow {
    uint32_t is_there;  // written last, cleared first
    char key[KEY_BYTES];
};

struct head {
    uint32_t magic;
    uint64_t epoch;
    struct follow follows[INSTANCE_CLIENTS][CONFIG_FOLLOWS];
};

_Static_assert(sizeof(struct head) <= VALUE_PAGE,
               "the first page of `values` is too small for so many clients that follow so much");

#define HEAD ((struct head *)REGION_VALUES_BASE)

void follows_start(void)
{
    if (HEAD->magic != MAGIC) {
        memset((void *)REGION_VALUES_BASE, 0, REGION_VALUES_BYTES);
        persistent_order();
        HEAD->magic = MAGIC;
    }
    for (uint32_t client = 0; client < INSTANCE_CLIENTS; client++) {
        for (unsigned i = 0; i < CONFIG_FOLLOWS; i++) {
            struct follow *one = &HEAD->follows[client][i];

            if (one->is_there > 1 || memchr(one->key, 0, KEY_BYTES) == NULL)
                one->is_there = 0;
        }
    }
}

static struct follow *find(uint32_t client, const char *key)
{
    for (unsigned i = 0; i < CONFIG_FOLLOWS; i++) {
        struct follow *one = &HEAD->follows[client][i];

        if (one->is_there && strcmp(one->key, key) == 0)
            return one;
    }
    return NULL;
}

static bool follows_anything(uint32_t client)
{
    for (unsigned i = 0; i < CONFIG_FOLLOWS; i++) {
        if (HEAD->follows[client][i].is_there)
            return true;
    }
    return false;
}

void follows_tell_all(void)
{
    for (uint32_t client = 0; client < INSTANCE_CLIENTS; client++) {
        if (follows_anything(client))
            store_changed_signal(client);
    }
}

void follows_tell(const char *key)
{
    for (uint32_t client = 0; client < INSTANCE_CLIENTS; client++) {
        if (find(client, key) != NULL)
            store_changed_signal(client);
    }
}

bool follow(uint32_t client, const char *key)
{
    if (find(client, key) != NULL)
        return true;
    for (unsigned i = 0; i < CONFIG_FOLLOWS; i++) {
        struct follow *one = &HEAD->follows[client][i];

        if (one->is_there)
            continue;
        memset(one->key, 0, KEY_BYTES);
        memcpy(one->key, key, strlen(key));
        persistent_order();
        one->is_there = 1;
        return true;
    }
    return false;
}

void unfollow(uint32_t client, const char *key)
{
    struct follow *one = find(client, key);

    if (one != NULL)
        one->is_there = 0;
}

void follows_forget(uint32_t client)
{
    for (unsigned i = 0; i < CONFIG_FOLLOWS; i++)
        HEAD->follows[client][i].is_there = 0;
}

uint64_t epoch_floor(void)
{
    return HEAD->epoch;
}

void epoch_keep(uint64_t epoch)
{
    HEAD->epoch = epoch;
    persistent_order();
}
