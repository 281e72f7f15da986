// The log as a whole: a ring of record blocks on the disk, and what is known of each client's last record.
// Invariant: all records below `next` that are still on the disk were flushed; at most the block of `next` is in doubt.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <tenon/stub.h>

#include "record.h"

struct client_state {
    uint32_t name;      // CRC-32C of its name
    uint64_t id;        // of its last record; 0: it has none
    uint64_t sequence;  // of its last record
};

struct disk_log {
    bool usable;
    uint64_t capacity;
    uint64_t next;      // sequence number of the next record
    uint64_t bad;       // blocks found damaged when the disk was read
    struct client_state *clients;
    unsigned client_count;
};

// Reads the whole log, or prepares a new disk. False: the disk cannot be used (logged); the log is not usable then.
bool disk_log_open(struct disk_log *log);

// Writes and flushes; the record's sequence is set.
MUST_CHECK enum status disk_log_append(struct disk_log *log, struct client_state *client, struct record_block *record);

// LOG_STORE_ERROR_ABSENT: never written, overwritten since, or damaged.
MUST_CHECK enum status disk_log_read(struct disk_log *log, uint64_t sequence, struct record_block *record);

uint64_t disk_log_oldest(const struct disk_log *log);
