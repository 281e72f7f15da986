// Recovery and append.
//
// Appends are strictly one after the other, each flushed before the next begins, and the disk driver keeps the order of
// requests across our restarts. So in the first lap a blank block ends the log, and a block that is neither blank nor
// good is damage, or the one append that was cut off.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include "disk_log.h"

#include <inttypes.h>

#include <tenon/event_loop.h>
#include <tenon/log.h>

#define BLOCKS_PER_READ 128u // 64 KiB: the most that Block moves at once
#define TRIES           16   // calls that end because the disk's driver is being restarted

static uint8_t chunk[BLOCKS_PER_READ * RECORD_BLOCK_BYTES];

// Whether a call may be repeated: the driver died or is slow to come back. Answers the supervisor's ping in between.
static bool may_try_again(enum status status, unsigned *tries)
{
    poll_bits(0);
    return (status == STATUS_PEER_DIED || status == STATUS_TIMED_OUT) && ++*tries < TRIES;
}

static enum status read_blocks(uint64_t first, uint32_t count, void *to)
{
    size_t bytes = count * RECORD_BLOCK_BYTES, got = 0;
    unsigned tries = 0;
    enum status status;

    do
        status = disk_read(first, count, to, bytes, &got);
    while (may_try_again(status, &tries));
    return status == STATUS_OK && got != bytes ? STATUS_BAD_MESSAGE : status;
}

static enum status write_block(uint64_t block, const void *from)
{
    unsigned tries = 0;
    enum status status;

    do
        status = disk_write(block, from, RECORD_BLOCK_BYTES);
    while (may_try_again(status, &tries));
    if (status != STATUS_OK)
        return status;
    tries = 0;
    do
        status = disk_flush();
    while (may_try_again(status, &tries));
    return status;
}

static uint64_t block_of(const struct disk_log *log, uint64_t sequence)
{
    return 1 + sequence % log->capacity;
}

uint64_t disk_log_oldest(const struct disk_log *log)
{
    return log->next > log->capacity ? log->next - log->capacity : 0;
}

// --- Opening -----------------------------------------------------------------------------------------

static bool prepare(struct disk_log *log, struct super_block *super, uint64_t blocks)
{
    *super = (struct super_block){.capacity = blocks - 1};
    super_seal(super);
    log->capacity = super->capacity;
    if (write_block(0, super) == STATUS_OK) {
        log_info("new disk, room for %" PRIu64 " records", log->capacity);
        return true;
    }
    log_error("the new disk cannot be prepared");
    return false;
}

static bool open_super(struct disk_log *log, uint64_t blocks)
{
    struct super_block *super = (struct super_block *)chunk;

    if (read_blocks(0, 1, super) != STATUS_OK) {
        log_error("block 0 cannot be read");
        return false;
    }
    if (block_is_blank(super))
        return prepare(log, super, blocks);
    if (!super_is_good(super) || super->capacity > blocks - 1) {
        log_error("the disk holds something else, or a log for a larger disk; it is left alone");
        return false;
    }
    log->capacity = super->capacity;
    return true;
}

static void note_client(struct disk_log *log, const struct record_block *record)
{
    for (unsigned i = 0; i < log->client_count; i++) {
        struct client_state *client = &log->clients[i];

        if (client->name == record->client && (client->id == 0 || record->sequence >= client->sequence)) {
            client->id = record->id;
            client->sequence = record->sequence;
        }
    }
}

// Takes one block into account. False: the log ends before it.
static bool scan_block(struct disk_log *log, uint64_t position, const struct record_block *record)
{
    if (block_is_blank(record))
        return false;
    if (!record_is_good(record) || record->sequence % log->capacity != position) {
        log->bad++;
        return true;
    }
    if (record->sequence >= log->next)
        log->next = record->sequence + 1;
    note_client(log, record);
    return true;
}

static bool scan(struct disk_log *log)
{
    for (uint64_t position = 0; position < log->capacity; position += BLOCKS_PER_READ) {
        uint64_t left = log->capacity - position;
        uint32_t count = left < BLOCKS_PER_READ ? (uint32_t)left : BLOCKS_PER_READ;

        if (read_blocks(1 + position, count, chunk) != STATUS_OK) {
            log_error("the blocks from %" PRIu64 " on cannot be read", 1 + position);
            return false;
        }
        for (uint32_t i = 0; i < count; i++) {
            if (!scan_block(log, position + i, (struct record_block *)chunk + i))
                return true;
        }
    }
    return true;
}

bool disk_log_open(struct disk_log *log)
{
    struct block_geometry geometry = {0};
    unsigned tries = 0;
    enum status status;

    do
        status = disk_info(&geometry);
    while (may_try_again(status, &tries));
    if (status != STATUS_OK || geometry.block_bytes != RECORD_BLOCK_BYTES || geometry.blocks < 2) {
        log_error("no usable disk: status %d, %" PRIu64 " blocks of %" PRIu32 " bytes", (int)status, geometry.blocks,
                  geometry.block_bytes);
        return false;
    }
    if (!open_super(log, geometry.blocks) || !scan(log))
        return false;
    if (log->bad != 0)
        log_warning("%" PRIu64 " damaged blocks, or appends that were cut off", log->bad);
    log->usable = true;
    return true;
}

// --- Records -----------------------------------------------------------------------------------------

enum status disk_log_append(struct disk_log *log, struct client_state *client, struct record_block *record)
{
    record->sequence = log->next;
    record_seal(record);
    enum status status = write_block(block_of(log, record->sequence), record);

    // A failed one may be on the disk or not; the next append takes its block.
    if (status != STATUS_OK)
        return status;
    log->next++;
    client->id = record->id;
    client->sequence = record->sequence;
    return STATUS_OK;
}

enum status disk_log_read(struct disk_log *log, uint64_t sequence, struct record_block *record)
{
    if (sequence >= log->next || sequence < disk_log_oldest(log))
        return LOG_STORE_ERROR_ABSENT;
    if (read_blocks(block_of(log, sequence), 1, record) != STATUS_OK)
        return LOG_STORE_ERROR_IO;
    return record_is_good(record) && record->sequence == sequence ? STATUS_OK : LOG_STORE_ERROR_ABSENT;
}
