// One of the two disks.
// SPDX-License-Identifier: BSD-2-Clause
#include "side.h"

#include "check.h"
#include "format.h"

#include <glue.h>

#include <inttypes.h>
#include <string.h>

#include <tenon/log.h>

static const char *const names[SIDES] = {"left", "right"};
static bool fails[SIDES];  // its last request did

static bool note(enum side side, const char *what, uint64_t block, enum status status)
{
    bool failed = status != STATUS_OK;

    if (failed && !fails[side])
        log_warning("%s disk: %s of block %" PRIu64 " failed: %d", names[side], what, block, (int)status);
    if (!failed && fails[side])
        log_info("%s disk: works again", names[side]);
    fails[side] = failed;
    return !failed;
}

bool side_read(enum side side, uint64_t first, uint32_t count, void *to)
{
    size_t bytes = (size_t)count * BLOCK_BYTES, got = 0;
    enum status status =
        side == LEFT ? left_read(first, count, to, bytes, &got) : right_read(first, count, to, bytes, &got);

    if (status == STATUS_OK && got != bytes)
        status = BLOCK_ERROR_IO;
    return note(side, "read", first, status);
}

bool side_write(enum side side, uint64_t first, uint32_t count, const void *from)
{
    size_t bytes = (size_t)count * BLOCK_BYTES;

    return note(side, "write", first,
                side == LEFT ? left_write(first, from, bytes) : right_write(first, from, bytes));
}

bool side_flush(enum side side)
{
    return note(side, "flush", 0, side == LEFT ? left_flush() : right_flush());
}

static bool header_is_good(const struct header *header, enum side side, const struct block_geometry *geometry)
{
    if (header->magic != HEADER_MAGIC || header->format != FORMAT || header->side != side ||
        header->sum != check_header(header)) {
        log_error("%s disk: block 0 is no header of this side; write one with tools/mirrordisk.py",
                  names[side]);
        return false;
    }
    uint64_t groups = header->blocks / GROUP_BLOCKS + (header->blocks % GROUP_BLOCKS != 0);

    if (geometry->block_bytes != BLOCK_BYTES || geometry->blocks < GROUPS_START ||
        groups > (geometry->blocks - GROUPS_START) / GROUP_STRIDE) {
        log_error("%s disk: %" PRIu64 " blocks of %" PRIu32 " bytes, too small for %" PRIu64
                  " groups of %u blocks of %u bytes",
                  names[side], geometry->blocks, geometry->block_bytes, groups, GROUP_STRIDE, BLOCK_BYTES);
        return false;
    }
    return true;
}

bool side_open(enum side side, uint8_t pair[16], uint64_t *blocks)
{
    struct block_geometry geometry = {0};
    struct header header;

    if (!note(side, "info", 0, side == LEFT ? left_info(&geometry) : right_info(&geometry)))
        return false;
    if (geometry.block_bytes != BLOCK_BYTES) {
        log_error("%s disk: blocks of %" PRIu32 " bytes, not %u", names[side], geometry.block_bytes,
                  BLOCK_BYTES);
        return false;
    }
    if (!side_read(side, 0, 1, &header) || !header_is_good(&header, side, &geometry))
        return false;
    memcpy(pair, header.pair, sizeof header.pair);
    *blocks = header.blocks;
    return true;
}
