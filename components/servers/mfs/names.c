// Creating, removing and moving names.
// SPDX-License-Identifier: BSD-2-Clause

#include "names.h"

#include <string.h>

#include "bitmap.h"
#include "cache.h"
#include "contents.h"
#include "directory.h"
#include "inode.h"

#define NEW_FILE_MODE      (MODE_FILE | 0644u)
#define NEW_DIRECTORY_MODE (MODE_DIRECTORY | 0755u)

// A name, and what it leads to.
struct found {
    uint32_t in; // the directory
    struct inode directory;
    uint32_t slot;
    uint32_t number;
    struct inode inode;
};

static bool is_directory(const struct inode *inode)
{
    return inode_kind(inode) == FILE_SYSTEM_KIND_DIRECTORY;
}

static enum status find(uint32_t directory, const char *name, struct found *found)
{
    found->in = directory;
    enum status status = directory_read(directory, &found->directory);

    if (status == STATUS_OK && !name_is_good(name))
        return FILE_SYSTEM_ERROR_BAD_NAME;
    if (status == STATUS_OK)
        status = directory_find(&found->directory, name, &found->slot, &found->number);
    if (status != STATUS_OK)
        return status;
    // A name that leads to no inode is damage, not an absent name.
    status = inode_read(found->number, &found->inode);
    return status == (enum status)FILE_SYSTEM_ERROR_ABSENT ? (enum status)FILE_SYSTEM_ERROR_DAMAGED : status;
}

// The opposite: the directory, and a slot in it for a name that it does not have.
static enum status find_room(uint32_t directory, const char *name, struct inode *inode, uint32_t *slot)
{
    uint32_t number;
    enum status status = directory_read(directory, inode);

    if (status != STATUS_OK)
        return status;
    if (!name_is_good(name))
        return FILE_SYSTEM_ERROR_BAD_NAME;
    status = directory_find(inode, name, slot, &number);
    if (status == STATUS_OK)
        return FILE_SYSTEM_ERROR_EXISTS;
    if (status != (enum status)FILE_SYSTEM_ERROR_ABSENT)
        return status;
    return directory_reserve(directory, inode, slot);
}

// What has no name any more goes, once that is on the disk.
static enum status drop_link(uint32_t number)
{
    struct inode inode;
    enum status status = cache_barrier();

    if (status == STATUS_OK)
        status = inode_read(number, &inode);
    if (status != STATUS_OK)
        return status;
    return inode.links > 1 ? inode_change_links(number, -1) : contents_free(number, &inode);
}

// --- New ones -----------------------------------------------------------------------------------------------

// The inode is on the disk before its name.
static enum status make(const struct inode *directory, uint32_t slot, const char *name, uint32_t number,
                        const struct inode *inode)
{
    enum status status = inode_write(number, inode);

    if (status == STATUS_OK)
        status = cache_barrier();
    return status == STATUS_OK ? directory_set(directory, slot, number, name) : status;
}

enum status names_create(uint32_t directory, const char *name, uint32_t *number)
{
    struct inode parent, made = {.mode = NEW_FILE_MODE, .links = 1};
    uint32_t slot;
    enum status status = find_room(directory, name, &parent, &slot);

    if (status == STATUS_OK)
        status = bitmap_allocate(MAP_INODES, number);
    return status == STATUS_OK ? make(&parent, slot, name, *number, &made) : status;
}

enum status names_make_directory(uint32_t directory, const char *name, uint32_t *number)
{
    struct inode parent, made = {.mode = NEW_DIRECTORY_MODE, .links = 2, .size = BLOCK_BYTES};
    uint32_t slot;
    enum status status = find_room(directory, name, &parent, &slot);

    if (status == STATUS_OK && parent.links >= LINKS_MAX)
        return FILE_SYSTEM_ERROR_TOO_MANY_LINKS;
    if (status == STATUS_OK)
        status = bitmap_allocate(MAP_ZONES, &made.zones[0]);
    if (status != STATUS_OK)
        return status;
    status = bitmap_allocate(MAP_INODES, number);
    if (status == (enum status)FILE_SYSTEM_ERROR_NO_SPACE) {
        enum status given_back = bitmap_free(MAP_ZONES, made.zones[0]);

        return given_back == STATUS_OK ? status : given_back;
    }
    if (status == STATUS_OK)
        status = directory_make(made.zones[0], *number, directory);
    if (status == STATUS_OK)
        status = inode_change_links(directory, 1);
    return status == STATUS_OK ? make(&parent, slot, name, *number, &made) : status;
}

enum status names_link(uint32_t number, uint32_t directory, const char *name)
{
    struct inode inode, parent;
    uint32_t slot;
    enum status status = inode_read(number, &inode);

    if (status == STATUS_OK && inode_kind(&inode) != FILE_SYSTEM_KIND_FILE)
        return FILE_SYSTEM_ERROR_NOT_FILE;
    if (status == STATUS_OK && inode.links >= LINKS_MAX)
        return FILE_SYSTEM_ERROR_TOO_MANY_LINKS;
    if (status == STATUS_OK)
        status = find_room(directory, name, &parent, &slot);
    if (status == STATUS_OK)
        status = inode_change_links(number, 1);
    if (status == STATUS_OK)
        status = cache_barrier();
    return status == STATUS_OK ? directory_set(&parent, slot, number, name) : status;
}

// --- Removing -------------------------------------------------------------------------------------------------

enum status names_unlink(uint32_t directory, const char *name)
{
    struct found found;
    enum status status = find(directory, name, &found);

    if (status == STATUS_OK && is_directory(&found.inode))
        return FILE_SYSTEM_ERROR_IS_DIRECTORY;
    if (status == STATUS_OK)
        status = directory_set(&found.directory, found.slot, 0, "");
    return status == STATUS_OK ? drop_link(found.number) : status;
}

enum status names_remove_directory(uint32_t directory, const char *name)
{
    struct found found;
    enum status status = find(directory, name, &found);

    if (status == STATUS_OK && !is_directory(&found.inode))
        return FILE_SYSTEM_ERROR_NOT_DIRECTORY;
    if (status == STATUS_OK)
        status = directory_check_empty(&found.inode);
    if (status == STATUS_OK)
        status = directory_set(&found.directory, found.slot, 0, "");
    if (status == STATUS_OK)
        status = cache_barrier();
    if (status == STATUS_OK)
        status = contents_free(found.number, &found.inode);
    return status == STATUS_OK ? inode_change_links(directory, -1) : status;
}

// --- Moving ---------------------------------------------------------------------------------------------------

// Whether `directory` is `number` or below it. A chain of parents that does not end is damage.
static enum status check_outside(uint32_t number, uint32_t directory)
{
    for (uint32_t steps = 0; steps <= geometry.inodes; steps++) {
        struct inode inode;
        struct directory_entry parent;

        if (directory == number)
            return FILE_SYSTEM_ERROR_INSIDE_ITSELF;
        if (directory == ROOT_INODE)
            return STATUS_OK;
        enum status status = directory_read(directory, &inode);

        if (status == STATUS_OK)
            status = directory_slot(&inode, SLOT_PARENT, &parent);
        if (status != STATUS_OK)
            return status;
        directory = parent.inode;
    }
    return FILE_SYSTEM_ERROR_DAMAGED;
}

// One write: it had one name and has another.
static enum status rename_in_place(const struct found *from, const char *name)
{
    return directory_set(&from->directory, from->slot, from->number, name);
}

static enum status clear_name(const struct found *from)
{
    enum status status = cache_barrier();

    return status == STATUS_OK ? directory_set(&from->directory, from->slot, 0, "") : status;
}

// A file has both names for a moment, and the links for that. `old` is what the new name led to before, or 0.
static enum status move_file(const struct found *from, const struct inode *directory, uint32_t slot, const char *name,
                             uint32_t old)
{
    enum status status = inode_change_links(from->number, 1);

    if (status == STATUS_OK)
        status = cache_barrier();
    if (status == STATUS_OK)
        status = directory_set(directory, slot, from->number, name);
    if (status == STATUS_OK)
        status = clear_name(from);
    if (status == STATUS_OK)
        status = drop_link(from->number);
    return status == STATUS_OK && old != 0 ? drop_link(old) : status;
}

// The directory's `..` leads to the new parent first: it tells which of two names is right.
static enum status move_directory(const struct found *from, struct name_place to, const struct inode *directory, uint32_t slot)
{
    enum status status = inode_change_links(to.directory, 1);

    if (status == STATUS_OK)
        status = cache_barrier();
    if (status == STATUS_OK)
        status = directory_set(&from->inode, SLOT_PARENT, to.directory, "..");
    if (status == STATUS_OK)
        status = cache_barrier();
    if (status == STATUS_OK)
        status = directory_set(directory, slot, from->number, to.name);
    if (status == STATUS_OK)
        status = clear_name(from);
    if (status == STATUS_OK)
        status = cache_barrier();
    return status == STATUS_OK ? inode_change_links(from->in, -1) : status;
}

static enum status move_to_new_name(const struct found *from, struct name_place to)
{
    struct inode directory;
    uint32_t slot;

    if (from->in == to.directory)
        return rename_in_place(from, to.name);
    enum status status = is_directory(&from->inode) ? check_outside(from->number, to.directory) : STATUS_OK;

    if (status == STATUS_OK)
        status = find_room(to.directory, to.name, &directory, &slot);
    if (status != STATUS_OK)
        return status;
    return is_directory(&from->inode) ? move_directory(from, to, &directory, slot)
                                      : move_file(from, &directory, slot, to.name, 0);
}

static enum status move_over(const struct found *from, const struct found *to, const char *name)
{
    if (is_directory(&to->inode))
        return is_directory(&from->inode) ? (enum status)FILE_SYSTEM_ERROR_EXISTS
                                          : (enum status)FILE_SYSTEM_ERROR_IS_DIRECTORY;
    if (is_directory(&from->inode))
        return FILE_SYSTEM_ERROR_NOT_DIRECTORY;
    if (from->number != to->number)
        return move_file(from, &to->directory, to->slot, name, to->number);
    enum status status = directory_set(&from->directory, from->slot, 0, "");

    return status == STATUS_OK ? drop_link(from->number) : status;
}

enum status names_rename(struct name_place from, struct name_place to)
{
    struct found source, target;
    enum status status = find(from.directory, from.name, &source);

    if (status != STATUS_OK)
        return status;
    if (from.directory == to.directory && strcmp(from.name, to.name) == 0)
        return STATUS_OK;
    status = find(to.directory, to.name, &target);
    if (status == STATUS_OK)
        return move_over(&source, &target, to.name);
    return status == (enum status)FILE_SYSTEM_ERROR_ABSENT ? move_to_new_name(&source, to) : status;
}
