// Calls to Block, repeated while its driver is restarted.
// SPDX-License-Identifier: BSD-2-Clause

#include "block_access.h"

#include <inttypes.h>

#include <tenon/event_loop.h>
#include <tenon/log.h>

#define TRIES 16 // calls that end because the disk's driver is being restarted

static uint32_t sectors_per_block = 1;

// Whether a call may be repeated: the driver died or is slow to come back. Answers the supervisor's ping in between.
static bool may_try_again(enum status status, unsigned *tries)
{
    poll_bits(0);
    return (status == STATUS_PEER_DIED || status == STATUS_TIMED_OUT) && ++*tries < TRIES;
}

static enum status known(enum status status)
{
    return status == STATUS_OK ? STATUS_OK : (enum status)FILE_SYSTEM_ERROR_IO;
}

bool block_access_open(uint64_t *blocks, bool *read_only)
{
    struct block_geometry geometry = {0};
    unsigned tries = 0;
    enum status status;

    do
        status = disk_info(&geometry);
    while (may_try_again(status, &tries));
    if (status != STATUS_OK || geometry.block_bytes == 0 || geometry.block_bytes > BLOCK_BYTES ||
        BLOCK_BYTES % geometry.block_bytes != 0) {
        log_error("no usable disk: status %d, %" PRIu64 " blocks of %" PRIu32 " bytes", (int)status, geometry.blocks,
                  geometry.block_bytes);
        return false;
    }
    sectors_per_block = BLOCK_BYTES / geometry.block_bytes;
    *blocks = geometry.blocks / sectors_per_block;
    *read_only = geometry.read_only;
    return true;
}

enum status block_access_read(uint32_t first, uint32_t count, void *to)
{
    size_t bytes = (size_t)count * BLOCK_BYTES, got = 0;
    unsigned tries = 0;
    enum status status;

    do
        status = disk_read((uint64_t)first * sectors_per_block, count * sectors_per_block, to, bytes, &got);
    while (may_try_again(status, &tries));
    return known(status == STATUS_OK && got != bytes ? STATUS_BAD_MESSAGE : status);
}

enum status block_access_write(uint32_t first, uint32_t count, const void *from)
{
    unsigned tries = 0;
    enum status status;

    do
        status = disk_write((uint64_t)first * sectors_per_block, from, (size_t)count * BLOCK_BYTES);
    while (may_try_again(status, &tries));
    return known(status);
}

enum status block_access_flush(void)
{
    unsigned tries = 0;
    enum status status;

    do
        status = disk_flush();
    while (may_try_again(status, &tries));
    return known(status);
}
