// store: the interface Store over the values of a persistent region.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <string.h>

#include <tenon/event_loop.h>

#include "follows.h"
#include "values.h"

static uint8_t arrived[VALUE_BYTES];  // what is put; a lender may change its memory meanwhile

static bool is_same(const struct value *value, bool is_published, size_t bytes)
{
    return value->is_published == is_published && value->bytes == bytes &&
           memcmp(value->data, arrived, bytes) == 0;
}

static enum status put_anew(uint32_t client, const char *key, bool is_published, size_t bytes,
                            const struct value *old)
{
    bool was_published = old != NULL && old->is_published;

    if (is_published && !was_published && value_published(key) != NULL)
        return STORE_ERROR_TAKEN;
    if (old == NULL && values_of(client) >= CONFIG_KEYS)
        return STORE_ERROR_LIMIT;
    uint64_t epoch = values_next_epoch();

    epoch_keep(epoch);
    value_put(epoch, client, is_published, key, arrived, bytes);
    if (is_published || was_published)
        follows_tell(key);
    return STATUS_OK;
}

enum status store_put(const struct call *call, const char *key, enum store_visibility visibility,
                      const struct lend *value, uint64_t *epoch)
{
    const struct value *old = value_own(call->client, key);
    bool is_published = visibility == STORE_VISIBILITY_PUBLISHED;
    enum status status = STATUS_OK;

    *epoch = 0;
    if (key[0] == 0)
        return STORE_ERROR_BAD_KEY;
    if (value->bytes > VALUE_BYTES || lend_read(value, 0, arrived, value->bytes) != STATUS_OK)
        return STATUS_BAD_ARGUMENT;
    if (old == NULL || !is_same(old, is_published, value->bytes))
        status = put_anew(call->client, key, is_published, value->bytes, old);
    if (status == STATUS_OK)
        *epoch = value_own(call->client, key)->epoch;
    return status;
}

static enum status hand_out(const struct value *found, const struct lend *value, size_t *value_bytes,
                            uint64_t *epoch)
{
    size_t bytes = found->bytes < value->bytes ? found->bytes : value->bytes;

    *epoch = found->epoch;
    *value_bytes = bytes;
    return lend_write(value, 0, found->data, bytes);
}

enum status store_get(const struct call *call, const char *key, uint64_t *epoch,
                      enum store_visibility *visibility, const struct lend *value, size_t *value_bytes)
{
    const struct value *found = value_own(call->client, key);

    if (found == NULL)
        return STORE_ERROR_ABSENT;
    *visibility = found->is_published ? STORE_VISIBILITY_PUBLISHED : STORE_VISIBILITY_OWN;
    return hand_out(found, value, value_bytes, epoch);
}

enum status store_read(const struct call *call, const char *key, uint64_t *epoch, const struct lend *value,
                       size_t *value_bytes)
{
    const struct value *found = value_published(key);

    (void)call;
    return found != NULL ? hand_out(found, value, value_bytes, epoch) : (enum status)STORE_ERROR_ABSENT;
}

enum status store_remove(const struct call *call, const char *key)
{
    const struct value *found = value_own(call->client, key);

    if (found == NULL)
        return STATUS_OK;
    bool was_published = found->is_published;

    value_remove(found);
    if (was_published)
        follows_tell(key);
    return STATUS_OK;
}

enum status store_next(const struct call *call, uint32_t position, uint32_t *next, char key[KEY_BYTES],
                       uint64_t *epoch)
{
    for (uint32_t i = position; i < VALUES; i++) {
        const struct value *value = value_at(i);

        if (value == NULL || value->client != call->client)
            continue;
        *next = i + 1;
        *epoch = value->epoch;
        memcpy(key, value->key, KEY_BYTES);
        return STATUS_OK;
    }
    return STORE_ERROR_ABSENT;
}

enum status store_follow(const struct call *call, const char *key)
{
    if (key[0] == 0)
        return STORE_ERROR_BAD_KEY;
    return follow(call->client, key) ? STATUS_OK : (enum status)STORE_ERROR_LIMIT;
}

enum status store_unfollow(const struct call *call, const char *key)
{
    unfollow(call->client, key);
    return STATUS_OK;
}

// Its keys stay: they are why there is a store. It follows anew when it is back.
void store_client_gone(uint32_t client)
{
    follows_forget(client);
}

int main(void)
{
    follows_start();
    values_start(epoch_floor());
    follows_tell_all();
    event_loop_run();
}
