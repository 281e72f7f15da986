// A fixed set of blocks; the one that was used longest ago makes room.
// SPDX-License-Identifier: BSD-2-Clause

#include "cache.h"

#include <string.h>

#include <tenon/panic.h>

#define SLOTS   64u
#define NOTHING 0u // block 0 holds nothing that anybody reads

struct slot {
    uint32_t block;
    bool dirty;
    uint64_t used; // when, counted in uses
    uint8_t bytes[BLOCK_BYTES];
};

static struct slot slots[SLOTS];
static struct slot *last = slots; // most uses are of the slot that was used before
static uint64_t uses;

static struct slot *use(struct slot *slot)
{
    slot->used = ++uses;
    last = slot;
    return slot;
}

static struct slot *find(uint32_t block)
{
    if (last->block == block)
        return last;
    for (unsigned i = 0; i < SLOTS; i++) {
        if (slots[i].block == block)
            return &slots[i];
    }
    return NULL;
}

static struct slot *oldest(void)
{
    struct slot *found = &slots[0];

    for (unsigned i = 1; i < SLOTS; i++) {
        if (slots[i].used < found->used)
            found = &slots[i];
    }
    return found;
}

static enum status write_slot(struct slot *slot)
{
    if (!slot->dirty)
        return STATUS_OK;
    enum status status = block_access_write(slot->block, 1, slot->bytes);

    if (status == STATUS_OK)
        slot->dirty = false;
    return status;
}

// A slot for a block that has none; its contents are not set.
static enum status take(uint32_t block, struct slot **taken)
{
    struct slot *slot = oldest();
    enum status status = write_slot(slot);

    if (status != STATUS_OK)
        return status;
    slot->block = block;
    *taken = slot;
    return STATUS_OK;
}

static enum status get(uint32_t block, struct slot **found)
{
    struct slot *slot = find(block);

    if (slot == NULL) {
        enum status status = take(block, &slot);

        if (status == STATUS_OK)
            status = block_access_read(block, 1, slot->bytes);
        if (status != STATUS_OK) {
            if (slot != NULL)
                slot->block = NOTHING;
            return status;
        }
    }
    *found = use(slot);
    return STATUS_OK;
}

static void check_range(uint32_t block, uint32_t offset, uint32_t bytes)
{
    if (block == NOTHING || offset > BLOCK_BYTES || bytes > BLOCK_BYTES - offset)
        panic("range of block %u", (unsigned)block);
}

enum status cache_read(uint32_t block, uint32_t offset, void *to, uint32_t bytes)
{
    struct slot *slot;

    check_range(block, offset, bytes);
    enum status status = get(block, &slot);

    if (status == STATUS_OK)
        memcpy(to, slot->bytes + offset, bytes);
    return status;
}

enum status cache_write(uint32_t block, uint32_t offset, const void *from, uint32_t bytes)
{
    struct slot *slot;

    check_range(block, offset, bytes);
    enum status status = get(block, &slot);

    if (status != STATUS_OK)
        return status;
    memcpy(slot->bytes + offset, from, bytes);
    slot->dirty = true;
    return STATUS_OK;
}

enum status cache_clear(uint32_t block)
{
    struct slot *slot = find(block);

    check_range(block, 0, BLOCK_BYTES);
    if (slot == NULL) {
        enum status status = take(block, &slot);

        if (status != STATUS_OK)
            return status;
    }
    memset(use(slot)->bytes, 0, BLOCK_BYTES);
    slot->dirty = true;
    return STATUS_OK;
}

enum status cache_write_out(void)
{
    for (unsigned i = 0; i < SLOTS; i++) {
        enum status status = write_slot(&slots[i]);

        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

enum status cache_barrier(void)
{
    enum status status = cache_write_out();

    return status == STATUS_OK ? block_access_flush() : status;
}

void cache_reset(void)
{
    memset(slots, 0, sizeof slots);
}
