// Sealing and judging blocks.
// SPDX-License-Identifier: BSD-2-Clause

#include "record.h"

#include <stddef.h>
#include <string.h>

#include "crc32c.h"

#define AFTER(type, field) (offsetof(type, field) + sizeof(((type *)0)->field))

static uint32_t super_checksum(const struct super_block *super)
{
    size_t from = AFTER(struct super_block, checksum);

    return crc32c((const uint8_t *)super + from, sizeof *super - from);
}

static uint32_t record_checksum(const struct record_block *record)
{
    size_t from = AFTER(struct record_block, checksum);

    return crc32c((const uint8_t *)record + from, sizeof *record - from);
}

void super_seal(struct super_block *super)
{
    super->magic = SUPER_MAGIC;
    super->version = SUPER_VERSION;
    super->checksum = super_checksum(super);
}

void record_seal(struct record_block *record)
{
    record->magic = RECORD_MAGIC;
    record->checksum = record_checksum(record);
}

bool super_is_good(const struct super_block *super)
{
    return super->magic == SUPER_MAGIC && super->version == SUPER_VERSION &&
           super->checksum == super_checksum(super) && super->capacity > 0;
}

bool record_is_good(const struct record_block *record)
{
    return record->magic == RECORD_MAGIC && record->bytes <= RECORD_TEXT_BYTES &&
           record->checksum == record_checksum(record);
}

bool block_is_blank(const void *block)
{
    static const uint8_t zero[RECORD_BLOCK_BYTES];

    return memcmp(block, zero, sizeof zero) == 0;
}
