// mfs: the interface FileSystem over the disk.
//
// Between two calls nothing is here that the disk does not have. An operation that failed in the middle is as good as cut
// off: its changes in memory are forgotten and recovery runs before the next one.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>
#include <string.h>

#include <tenon/event_loop.h>
#include <tenon/log.h>

#include "cache.h"
#include "contents.h"
#include "directory.h"
#include "inode.h"
#include "names.h"
#include "recovery.h"
#include "zone_map.h"

static bool usable;
static bool read_only;
static bool cut_off; // the last operation was

// --- The disk's state ---------------------------------------------------------------------------------------

static enum status recover(void)
{
    struct recovery_result result;
    enum status status = recovery_run(!read_only, &result);

    if (status != STATUS_OK) {
        cache_reset();
        log_error("the disk cannot be read or written");
        return status;
    }
    cut_off = false;
    if (!result.sound) {
        read_only = true;
        log_error("the disk is damaged, it can be read only: %s (inode %" PRIu32 ")", result.why, result.where);
    } else if (result.repairs != 0) {
        log_warning("%" PRIu32 " leftovers %s", result.repairs, read_only ? "on a disk that cannot be written" : "repaired");
    }
    return STATUS_OK;
}

static enum status begin_change(void)
{
    if (!usable)
        return FILE_SYSTEM_ERROR_IO;
    enum status status = cut_off ? recover() : STATUS_OK;

    return status == STATUS_OK && read_only ? (enum status)FILE_SYSTEM_ERROR_READ_ONLY : status;
}

// An error that was found before anything was changed is just told.
static enum status end_change(enum status status)
{
    enum status written = cache_write_out();

    if (written != STATUS_OK)
        status = written;
    if (status == (enum status)FILE_SYSTEM_ERROR_IO || status == (enum status)FILE_SYSTEM_ERROR_DAMAGED) {
        cut_off = true;
        cache_reset();
    }
    return status;
}

static enum status begin_read(void)
{
    return usable ? STATUS_OK : (enum status)FILE_SYSTEM_ERROR_IO;
}

// --- Looking ------------------------------------------------------------------------------------------------

enum status fs_info(const struct call *call, struct file_system_properties *properties)
{
    (void)call;
    *properties = (struct file_system_properties){
        .largest_file = geometry.largest_file,
        .root = ROOT_INODE,
        .blocks = geometry.zones,
        .block_bytes = BLOCK_BYTES,
        .read_only = read_only,
    };
    return begin_read();
}

static enum status tell(uint32_t number, struct file_system_node *node)
{
    struct inode inode;
    enum status status = inode_read(number, &inode);

    if (status == STATUS_OK)
        *node = (struct file_system_node){
            .size = inode.size, .inode = number, .links = inode.links, .kind = (uint8_t)inode_kind(&inode)};
    return status;
}

enum status fs_stat(const struct call *call, uint32_t number, struct file_system_node *node)
{
    enum status status = begin_read();

    (void)call;
    return status == STATUS_OK ? tell(number, node) : status;
}

enum status fs_lookup(const struct call *call, uint32_t directory, const char *name, struct file_system_node *node)
{
    struct inode inode;
    uint32_t slot, number;
    enum status status = begin_read();

    (void)call;
    if (status == STATUS_OK)
        status = directory_read(directory, &inode);
    if (status == STATUS_OK && !name_is_good(name))
        status = FILE_SYSTEM_ERROR_BAD_NAME;
    if (status == STATUS_OK)
        status = directory_find(&inode, name, &slot, &number);
    return status == STATUS_OK ? tell(number, node) : status;
}

enum status fs_entry(const struct call *call, uint32_t directory, uint32_t position, uint32_t *next, uint32_t *number,
                     char name[NAME_BYTES + 1])
{
    struct inode inode;
    struct directory_entry entry;
    uint32_t slot = position < FIRST_SLOT ? FIRST_SLOT : position;
    enum status status = begin_read();

    (void)call;
    if (status == STATUS_OK)
        status = directory_read(directory, &inode);
    if (status == STATUS_OK)
        status = directory_next(&inode, &slot, &entry);
    if (status != STATUS_OK)
        return status;
    if (!entry_name_is_good(entry.name))
        return FILE_SYSTEM_ERROR_DAMAGED;
    *next = slot + 1;
    *number = entry.inode;
    memcpy(name, entry.name, NAME_BYTES);
    name[NAME_BYTES] = 0;
    return STATUS_OK;
}

enum status fs_read(const struct call *call, uint32_t number, uint64_t offset, uint32_t count, const struct lend *data,
                    size_t *data_bytes)
{
    enum status status = begin_read();

    (void)call;
    return status == STATUS_OK ? contents_read(number, offset, count, data, data_bytes) : status;
}

// --- Changing -----------------------------------------------------------------------------------------------

enum status fs_write(const struct call *call, uint32_t number, uint64_t offset, const struct lend *data)
{
    enum status status = begin_change();

    (void)call;
    return status == STATUS_OK ? end_change(contents_write(number, offset, data)) : status;
}

enum status fs_truncate(const struct call *call, uint32_t number, uint64_t size)
{
    enum status status = begin_change();

    (void)call;
    return status == STATUS_OK ? end_change(contents_truncate(number, size)) : status;
}

enum status fs_create(const struct call *call, uint32_t directory, const char *name, uint32_t *number)
{
    enum status status = begin_change();

    (void)call;
    return status == STATUS_OK ? end_change(names_create(directory, name, number)) : status;
}

enum status fs_make_directory(const struct call *call, uint32_t directory, const char *name, uint32_t *number)
{
    enum status status = begin_change();

    (void)call;
    return status == STATUS_OK ? end_change(names_make_directory(directory, name, number)) : status;
}

enum status fs_link(const struct call *call, uint32_t number, uint32_t directory, const char *name)
{
    enum status status = begin_change();

    (void)call;
    return status == STATUS_OK ? end_change(names_link(number, directory, name)) : status;
}

enum status fs_unlink(const struct call *call, uint32_t directory, const char *name)
{
    enum status status = begin_change();

    (void)call;
    return status == STATUS_OK ? end_change(names_unlink(directory, name)) : status;
}

enum status fs_remove_directory(const struct call *call, uint32_t directory, const char *name)
{
    enum status status = begin_change();

    (void)call;
    return status == STATUS_OK ? end_change(names_remove_directory(directory, name)) : status;
}

enum status fs_rename(const struct call *call, uint32_t from_directory, const char *from_name, uint32_t to_directory,
                      const char *to_name)
{
    struct name_place from = {from_directory, from_name}, to = {to_directory, to_name};
    enum status status = begin_change();

    (void)call;
    return status == STATUS_OK ? end_change(names_rename(from, to)) : status;
}

enum status fs_sync(const struct call *call)
{
    enum status status = begin_read();

    (void)call;
    return status == STATUS_OK ? block_access_flush() : status;
}

int main(void)
{
    uint64_t blocks;

    usable = block_access_open(&blocks, &read_only) && superblock_read(blocks) && recover() == STATUS_OK;
    if (usable)
        log_info("%" PRIu32 " blocks, %" PRIu32 " inodes", geometry.zones, geometry.inodes);
    event_loop_run();
}
