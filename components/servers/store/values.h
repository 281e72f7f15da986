// The values, a page each, in a persistent region behind the page of follows.h.
//
// The store may end between any two stores to the region, so a value is there when its epoch is, which is
// written last; a new value is written beside the old one before that goes. The region is checked at each
// start as if somebody else had written it.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glue.h>

#define VALUE_PAGE  4096u
#define KEY_BYTES   32u
#define VALUE_BYTES 4032u

struct value {
    uint64_t epoch;  // 0: the page is free
    uint32_t crc;    // of all that follows, up to the last byte of the value
    uint32_t client;
    uint32_t is_published;
    uint32_t bytes;
    char key[KEY_BYTES];
    uint8_t data[VALUE_BYTES];
};

_Static_assert(sizeof(struct value) <= VALUE_PAGE, "a value is a page");

#define VALUES (REGION_VALUES_BYTES / VALUE_PAGE - 1)
_Static_assert(VALUES > INSTANCE_CLIENTS * CONFIG_KEYS,
               "the region `values` has a page for each key that clients may have, and two more");

// Frees what makes no sense, of two values of one key the older, and what is more than a client may have. The
// highest epoch that was ever given is at least `floor`.
void values_start(uint64_t floor);

// The value at this place; NULL: there is none. `number` is below VALUES.
const struct value *value_at(uint32_t number);

// A client's own key; NULL: it has none of that name.
const struct value *value_own(uint32_t client, const char *key);

// A published key, of whichever client; NULL: there is none.
const struct value *value_published(const char *key);

// How many keys a client has.
uint32_t values_of(uint32_t client);

// The next epoch. It is for the caller to keep it, as `floor`, before it is used.
uint64_t values_next_epoch(void);

// Puts a value in the place of the client's old one of that key, if there is one. A key is shorter than
// KEY_BYTES, and not one more than the client may have.
void value_put(uint64_t epoch, uint32_t client, bool is_published, const char *key, const void *data,
               size_t bytes);

void value_remove(const struct value *value);
