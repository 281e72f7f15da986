// Reading, writing and cutting files.
//
// Contents go past the cache, in runs of neighbouring zones. A block's bytes beyond the size of its file are whatever they
// are; whoever makes a file grow over them writes zeroes first.
// SPDX-License-Identifier: BSD-2-Clause

#include "contents.h"

#include <string.h>

#include "bitmap.h"
#include "cache.h"
#include "inode.h"
#include "zone_map.h"

#define BLOCKS_MAX (BYTES_PER_CALL / BLOCK_BYTES + 1) // that one call touches

static uint8_t buffer[BLOCKS_MAX * BLOCK_BYTES];

// The blocks of a file that a call touches, in buffer.
struct part {
    uint32_t first; // block of the file
    uint32_t count;
    uint32_t skip;  // bytes of the first block before the call's
    uint32_t bytes; // of the call
    uint32_t zones[BLOCKS_MAX];
};

static struct part part;

static enum status file_read(uint32_t number, struct inode *inode)
{
    enum status status = inode_read(number, inode);

    if (status == STATUS_OK && inode_kind(inode) != FILE_SYSTEM_KIND_FILE)
        return FILE_SYSTEM_ERROR_NOT_FILE;
    return status;
}

// The range is within the largest file and has at least one byte.
static enum status find_part(const struct inode *inode, uint32_t offset, uint32_t bytes)
{
    enum status status = STATUS_OK;

    part.first = offset / BLOCK_BYTES;
    part.skip = offset % BLOCK_BYTES;
    part.bytes = bytes;
    part.count = (part.skip + bytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
    for (uint32_t i = 0; status == STATUS_OK && i < part.count; i++)
        status = zone_map_find(inode, part.first + i, &part.zones[i]);
    return status;
}

// How many blocks from the i-th on one access can move.
static uint32_t run_length(uint32_t i)
{
    uint32_t count = 1;

    while (i + count < part.count && count < BLOCKS_PER_ACCESS && part.zones[i + count] == part.zones[i] + count)
        count++;
    return count;
}

static enum status read_part(void)
{
    enum status status = STATUS_OK;

    for (uint32_t i = 0, count; status == STATUS_OK && i < part.count; i += count) {
        uint8_t *to = buffer + (size_t)i * BLOCK_BYTES;

        count = 1;
        if (part.zones[i] == 0) {
            memset(to, 0, BLOCK_BYTES);
        } else {
            count = run_length(i);
            status = block_access_read(part.zones[i], count, to);
        }
    }
    return status;
}

static enum status write_part(void)
{
    enum status status = STATUS_OK;

    for (uint32_t i = 0, count; status == STATUS_OK && i < part.count; i += count) {
        count = run_length(i);
        status = block_access_write(part.zones[i], count, buffer + (size_t)i * BLOCK_BYTES);
    }
    return status;
}

enum status contents_read(uint32_t number, uint64_t offset, uint32_t count, const struct lend *data, size_t *done)
{
    struct inode inode;
    enum status status = file_read(number, &inode);

    *done = 0;
    if (count > BYTES_PER_CALL)
        count = BYTES_PER_CALL;
    if (count > data->bytes)
        count = data->bytes;
    if (status != STATUS_OK || offset >= inode.size || count == 0)
        return status;
    if (count > inode.size - offset)
        count = (uint32_t)(inode.size - offset);
    status = find_part(&inode, (uint32_t)offset, count);
    if (status == STATUS_OK)
        status = read_part();
    if (status == STATUS_OK)
        status = lend_write(data, 0, buffer + part.skip, count);
    if (status == STATUS_OK)
        *done = count;
    return status;
}

// --- Growing ----------------------------------------------------------------------------------------------

// Old bytes of the i-th block that the call leaves, and zeroes where the file had none.
static enum status load_block(const struct inode *inode, uint32_t i)
{
    uint8_t *to = buffer + (size_t)i * BLOCK_BYTES;
    uint64_t start = (uint64_t)(part.first + i) * BLOCK_BYTES;
    uint32_t valid = start >= inode->size             ? 0
                     : inode->size - start < BLOCK_BYTES ? (uint32_t)(inode->size - start)
                                                         : BLOCK_BYTES;
    enum status status = STATUS_OK;

    if (part.zones[i] == 0 || valid == 0)
        valid = 0;
    else
        status = block_access_read(part.zones[i], 1, to);
    memset(to + valid, 0, BLOCK_BYTES - valid);
    return status;
}

// The blocks at both ends are in part the file's old ones. All of the call's bytes are within the buffer.
static enum status load_part(const struct inode *inode, const struct lend *data)
{
    uint32_t end = part.skip + part.bytes;
    enum status status = part.skip != 0 ? load_block(inode, 0) : STATUS_OK;

    if (status == STATUS_OK && end % BLOCK_BYTES != 0 && (part.count > 1 || part.skip == 0))
        status = load_block(inode, part.count - 1);
    return status == STATUS_OK ? lend_read(data, 0, buffer + part.skip, part.bytes) : status;
}

// Zeroes behind the end of the file, in its last block.
static enum status clear_tail(const struct inode *inode)
{
    uint32_t past = inode->size % BLOCK_BYTES, zone = 0;
    enum status status = past != 0 ? zone_map_find(inode, inode->size / BLOCK_BYTES, &zone) : STATUS_OK;

    if (status != STATUS_OK || zone == 0)
        return status;
    status = block_access_read(zone, 1, buffer);
    memset(buffer + past, 0, BLOCK_BYTES - past);
    return status == STATUS_OK ? block_access_write(zone, 1, buffer) : status;
}

static enum status give_back(uint32_t count, const bool *is_new)
{
    enum status status = STATUS_OK;

    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        if (is_new[i])
            status = bitmap_free(MAP_ZONES, part.zones[i]);
    }
    return status;
}

// A zone for each block that has none; nothing points to the new ones yet. Without space there are no new ones.
static enum status allocate_zones(uint32_t number, struct inode *inode, bool *is_new, bool *any_new)
{
    for (uint32_t i = 0; i < part.count; i++) {
        is_new[i] = part.zones[i] == 0;
        if (!is_new[i])
            continue;
        *any_new = true;
        enum status status = zone_map_prepare(number, inode, part.first + i);

        if (status == STATUS_OK)
            status = bitmap_allocate(MAP_ZONES, &part.zones[i]);
        if (status != STATUS_OK) {
            enum status given_back = give_back(i, is_new);

            return given_back == STATUS_OK ? status : given_back;
        }
    }
    return STATUS_OK;
}

static enum status point_to_new(struct inode *inode, const bool *is_new)
{
    enum status status = STATUS_OK;

    for (uint32_t i = 0; status == STATUS_OK && i < part.count; i++) {
        if (is_new[i])
            status = zone_map_set(inode, part.first + i, part.zones[i]);
    }
    return status;
}

static enum status write_whole(uint32_t number, struct inode *inode, uint32_t end)
{
    bool is_new[BLOCKS_MAX], any_new = false;
    enum status status = allocate_zones(number, inode, is_new, &any_new);

    if (status == STATUS_OK)
        status = write_part();
    if (status != STATUS_OK || (!any_new && end <= inode->size))
        return status;
    status = cache_barrier();
    if (status == STATUS_OK)
        status = point_to_new(inode, is_new);
    if (end > inode->size)
        inode->size = end;
    if (status == STATUS_OK)
        status = inode_write(number, inode);
    return status;
}

enum status contents_write(uint32_t number, uint64_t offset, const struct lend *data)
{
    struct inode inode;
    enum status status = file_read(number, &inode);

    if (status != STATUS_OK || data->bytes == 0)
        return status;
    if (offset > geometry.largest_file || data->bytes > geometry.largest_file - offset || data->bytes > BYTES_PER_CALL)
        return FILE_SYSTEM_ERROR_TOO_LARGE;
    if (offset / BLOCK_BYTES > inode.size / BLOCK_BYTES)
        status = clear_tail(&inode);
    if (status == STATUS_OK)
        status = find_part(&inode, (uint32_t)offset, data->bytes);
    if (status == STATUS_OK)
        status = load_part(&inode, data);
    return status == STATUS_OK ? write_whole(number, &inode, (uint32_t)offset + data->bytes) : status;
}

// --- Cutting ----------------------------------------------------------------------------------------------

static uint32_t blocks_of(uint32_t size)
{
    return size / BLOCK_BYTES + (size % BLOCK_BYTES != 0);
}

static enum status shrink(uint32_t number, struct inode *inode, uint32_t size)
{
    inode->size = size;
    enum status status = inode_write(number, inode);

    if (status == STATUS_OK)
        status = cache_barrier();
    if (status == STATUS_OK)
        status = zone_map_cut(inode, blocks_of(size));
    return status == STATUS_OK ? inode_write(number, inode) : status;
}

static enum status extend(uint32_t number, struct inode *inode, uint32_t size)
{
    enum status status = clear_tail(inode);

    if (status == STATUS_OK)
        status = cache_barrier();
    inode->size = size;
    return status == STATUS_OK ? inode_write(number, inode) : status;
}

enum status contents_truncate(uint32_t number, uint64_t size)
{
    struct inode inode;
    enum status status = file_read(number, &inode);

    if (status != STATUS_OK || size == inode.size)
        return status;
    if (size > geometry.largest_file)
        return FILE_SYSTEM_ERROR_TOO_LARGE;
    return size < inode.size ? shrink(number, &inode, (uint32_t)size) : extend(number, &inode, (uint32_t)size);
}

enum status contents_free(uint32_t number, struct inode *inode)
{
    static const struct inode unused;
    enum status status = inode_has_zones(inode) ? zone_map_cut(inode, 0) : STATUS_OK;

    if (status == STATUS_OK)
        status = inode_write(number, &unused);
    return status == STATUS_OK ? bitmap_free(MAP_INODES, number) : status;
}
