// Reading and writing inodes.
// SPDX-License-Identifier: BSD-2-Clause

#include "inode.h"

#include "bitmap.h"
#include "cache.h"

static uint32_t block_of(uint32_t number)
{
    return geometry.inode_table + (number - 1) / INODES_PER_BLOCK;
}

static uint32_t offset_of(uint32_t number)
{
    return (number - 1) % INODES_PER_BLOCK * (uint32_t)sizeof(struct inode);
}

enum file_system_kind inode_kind(const struct inode *inode)
{
    switch (inode->mode & MODE_TYPE_MASK) {
    case MODE_FILE: return FILE_SYSTEM_KIND_FILE;
    case MODE_DIRECTORY: return FILE_SYSTEM_KIND_DIRECTORY;
    default: return FILE_SYSTEM_KIND_OTHER;
    }
}

bool inode_has_zones(const struct inode *inode)
{
    return inode_kind(inode) != FILE_SYSTEM_KIND_OTHER || (inode->mode & MODE_TYPE_MASK) == MODE_SYMLINK;
}

// A fifo, a character device, a directory, a block device, a file, a symbolic link, a socket.
static bool is_type(uint16_t mode)
{
    return ((1u << 1 | 1u << 2 | 1u << 4 | 1u << 6 | 1u << 8 | 1u << 10 | 1u << 12) >> (mode >> 12) & 1) != 0;
}

bool inode_is_good(const struct inode *inode)
{
    return is_type(inode->mode) && inode->links != 0 && inode->size <= geometry.largest_file &&
           (inode_kind(inode) != FILE_SYSTEM_KIND_DIRECTORY ||
            (inode->size >= 2 * sizeof(struct directory_entry) && inode->size % sizeof(struct directory_entry) == 0));
}

enum status inode_read_unchecked(uint32_t number, struct inode *inode)
{
    return cache_read(block_of(number), offset_of(number), inode, sizeof *inode);
}

enum status inode_read(uint32_t number, struct inode *inode)
{
    bool used = false;

    if (!is_inode_number(number))
        return FILE_SYSTEM_ERROR_ABSENT;
    enum status status = bitmap_is_set(MAP_INODES, number, &used);

    if (status == STATUS_OK && !used)
        return FILE_SYSTEM_ERROR_ABSENT;
    if (status == STATUS_OK)
        status = inode_read_unchecked(number, inode);
    if (status == STATUS_OK && !inode_is_good(inode))
        return FILE_SYSTEM_ERROR_DAMAGED;
    return status;
}

enum status inode_write(uint32_t number, const struct inode *inode)
{
    return cache_write(block_of(number), offset_of(number), inode, sizeof *inode);
}

enum status inode_change_links(uint32_t number, int by)
{
    struct inode inode;
    enum status status = inode_read(number, &inode);

    if (status != STATUS_OK)
        return status;
    if (by > 0 && inode.links >= LINKS_MAX)
        return FILE_SYSTEM_ERROR_TOO_MANY_LINKS;
    inode.links = (uint16_t)(inode.links + by);
    return inode_write(number, &inode);
}
