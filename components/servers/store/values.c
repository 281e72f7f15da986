// See values.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "values.h"

#include <string.h>

#include <glue.h>
#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/persistent.h>

#include "crc32c.h"

static uint64_t last_epoch;

static struct value *page(uint32_t number)
{
    return (struct value *)(REGION_VALUES_BASE + (uintptr_t)VALUE_PAGE * (number + 1));
}

static uint32_t crc_of(const struct value *value)
{
    const uint8_t *start = (const uint8_t *)&value->client;

    return crc32c(start, (size_t)(value->data + value->bytes - start));
}

static bool is_sound(const struct value *value)
{
    return value->client < INSTANCE_CLIENTS && value->is_published <= 1 && value->bytes <= VALUE_BYTES &&
           value->key[0] != 0 && memchr(value->key, 0, KEY_BYTES) != NULL && value->crc == crc_of(value);
}

static void free_page(struct value *value)
{
    value->epoch = 0;
    persistent_order();
}

const struct value *value_at(uint32_t number)
{
    return page(number)->epoch != 0 ? page(number) : NULL;
}

const struct value *value_own(uint32_t client, const char *key)
{
    for (uint32_t i = 0; i < VALUES; i++) {
        if (page(i)->epoch != 0 && page(i)->client == client && strcmp(page(i)->key, key) == 0)
            return page(i);
    }
    return NULL;
}

const struct value *value_published(const char *key)
{
    for (uint32_t i = 0; i < VALUES; i++) {
        if (page(i)->epoch != 0 && page(i)->is_published && strcmp(page(i)->key, key) == 0)
            return page(i);
    }
    return NULL;
}

uint32_t values_of(uint32_t client)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < VALUES; i++)
        count += page(i)->epoch != 0 && page(i)->client == client;
    return count;
}

static void drop(struct value *value)
{
    log_error("value %u makes no sense and is gone",
              (unsigned)(((uintptr_t)value - REGION_VALUES_BASE) / VALUE_PAGE - 1));
    free_page(value);
}

// Whether only one of them can be: the two are of one client, or both are published.
static bool are_rivals(const struct value *one, const struct value *other)
{
    return one->epoch != 0 && other->epoch != 0 && strcmp(one->key, other->key) == 0 &&
           (one->client == other->client || (one->is_published && other->is_published));
}

// Those before it are free or sound, and have no rivals among each other.
static void end_rivalry(uint32_t number)
{
    for (uint32_t i = 0; i < number; i++) {
        if (are_rivals(page(i), page(number)))
            free_page(page(i)->epoch < page(number)->epoch ? page(i) : page(number));
    }
}

void values_start(uint64_t floor)
{
    last_epoch = floor;
    for (uint32_t i = 0; i < VALUES; i++) {
        if (page(i)->epoch != 0 && (page(i)->epoch > floor || !is_sound(page(i))))
            drop(page(i));
        end_rivalry(i);
    }
    for (uint32_t i = 0; i < VALUES; i++) {
        if (page(i)->epoch != 0 && values_of(page(i)->client) > CONFIG_KEYS)
            drop(page(i));
    }
}

static struct value *free_value(void)
{
    for (uint32_t i = 0; i < VALUES; i++) {
        if (page(i)->epoch == 0)
            return page(i);
    }
    return NULL;
}

uint64_t values_next_epoch(void)
{
    return last_epoch + 1;
}

void value_put(uint64_t epoch, uint32_t client, bool is_published, const char *key, const void *data,
               size_t bytes)
{
    struct value *old = (struct value *)value_own(client, key), *new = free_value();

    if (new == NULL || bytes > VALUE_BYTES || strlen(key) >= KEY_BYTES)
        panic("no room for a value that was promised some");
    new->client = client;
    new->is_published = is_published;
    new->bytes = (uint32_t)bytes;
    memset(new->key, 0, KEY_BYTES);
    memcpy(new->key, key, strlen(key));
    memcpy(new->data, data, bytes);
    new->crc = crc_of(new);
    persistent_order();
    new->epoch = last_epoch = epoch;
    persistent_order();
    if (old != NULL)
        free_page(old);
}

void value_remove(const struct value *value)
{
    free_page((struct value *)value);
}
