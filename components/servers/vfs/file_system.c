// Calls to FileSystem.
// SPDX-License-Identifier: BSD-2-Clause

#include "file_system.h"

#include <tenon/event_loop.h>

#define TRIES 16  // calls that end because the file system is being restarted; each waits for it

#define CALL(which, method, ...) \
    ((which) == FILE_SYSTEM_ROOT ? root_##method(__VA_ARGS__) : mounted_##method(__VA_ARGS__))

static bool is_cut_off(enum status status)
{
    return status == STATUS_PEER_DIED || status == STATUS_TIMED_OUT;
}

// Whether to call again. Answers the supervisor's ping in between.
static bool again(enum status status, unsigned *tries)
{
    poll_bits(0);
    return is_cut_off(status) && ++*tries < TRIES;
}

// An error of the interface stays what it is.
static enum status known(enum status status)
{
    return status == STATUS_OK || status >= RESULT_FIRST ? status : (enum status)FILE_SYSTEM_ERROR_IO;
}

enum status file_system_root(unsigned which, uint32_t *inode)
{
    static uint32_t roots[FILE_SYSTEMS];  // they do not change; 0: not asked yet
    struct file_system_properties properties;
    unsigned tries = 0;
    enum status status = STATUS_OK;

    if (roots[which] == 0) {
        do
            status = CALL(which, info, &properties);
        while (again(status, &tries));
        if (status == STATUS_OK)
            roots[which] = properties.root;
    }
    *inode = roots[which];
    return known(status);
}

enum status file_system_stat(unsigned which, uint32_t inode, struct file_system_node *node)
{
    unsigned tries = 0;
    enum status status;

    do
        status = CALL(which, stat, inode, node);
    while (again(status, &tries));
    return known(status);
}

enum status file_system_lookup(unsigned which, uint32_t directory, const char *name,
                               struct file_system_node *node)
{
    unsigned tries = 0;
    enum status status;

    do
        status = CALL(which, lookup, directory, name, node);
    while (again(status, &tries));
    return known(status);
}

enum status file_system_entry(unsigned which, uint32_t directory, uint32_t position, uint32_t *next,
                              char name[61])
{
    unsigned tries = 0;
    uint32_t inode;
    enum status status;

    do
        status = CALL(which, entry, directory, position, next, &inode, name);
    while (again(status, &tries));
    return known(status);
}

enum status file_system_read(unsigned which, uint32_t inode, uint64_t offset, uint32_t count, void *data,
                             size_t *got)
{
    unsigned tries = 0;
    enum status status;

    do
        status = CALL(which, read, inode, offset, count, data, count, got);
    while (again(status, &tries));
    return known(status);
}

enum status file_system_write(unsigned which, uint32_t inode, uint64_t offset, const void *data, size_t bytes)
{
    unsigned tries = 0;
    enum status status;

    do
        status = CALL(which, write, inode, offset, data, bytes);
    while (again(status, &tries));
    return known(status);
}

enum status file_system_truncate(unsigned which, uint32_t inode, uint64_t size)
{
    unsigned tries = 0;
    enum status status;

    do
        status = CALL(which, truncate, inode, size);
    while (again(status, &tries));
    return known(status);
}

enum status file_system_sync(unsigned which)
{
    unsigned tries = 0;
    enum status status;

    do
        status = CALL(which, sync);
    while (again(status, &tries));
    return known(status);
}

bool file_system_change(unsigned which, enum change_kind kind, const struct name_place *from,
                        const struct name_place *to, enum status *status)
{
    uint32_t inode;

    switch (kind) {
    case CHANGE_CREATE: *status = CALL(which, create, from->directory, from->name, &inode); break;
    case CHANGE_MAKE_DIRECTORY:
        *status = CALL(which, make_directory, from->directory, from->name, &inode);
        break;
    case CHANGE_UNLINK: *status = CALL(which, unlink, from->directory, from->name); break;
    case CHANGE_REMOVE_DIRECTORY: *status = CALL(which, remove_directory, from->directory, from->name); break;
    case CHANGE_RENAME:
        *status = CALL(which, rename, from->directory, from->name, to->directory, to->name);
        break;
    default: *status = FILE_SYSTEM_ERROR_IO; break;
    }
    if (is_cut_off(*status))
        return false;
    *status = known(*status);
    return true;
}

enum status files_error(enum status status)
{
    static const struct {
        int from, to;
    } errors[] = {
        {FILE_SYSTEM_ERROR_DAMAGED, FILES_ERROR_DAMAGED},
        {FILE_SYSTEM_ERROR_ABSENT, FILES_ERROR_ABSENT},
        {FILE_SYSTEM_ERROR_EXISTS, FILES_ERROR_EXISTS},
        {FILE_SYSTEM_ERROR_BAD_NAME, FILES_ERROR_BAD_PATH},
        {FILE_SYSTEM_ERROR_NOT_DIRECTORY, FILES_ERROR_NOT_DIRECTORY},
        {FILE_SYSTEM_ERROR_IS_DIRECTORY, FILES_ERROR_IS_DIRECTORY},
        {FILE_SYSTEM_ERROR_NOT_FILE, FILES_ERROR_NOT_FILE},
        {FILE_SYSTEM_ERROR_NOT_EMPTY, FILES_ERROR_NOT_EMPTY},
        {FILE_SYSTEM_ERROR_READ_ONLY, FILES_ERROR_READ_ONLY},
        {FILE_SYSTEM_ERROR_NO_SPACE, FILES_ERROR_NO_SPACE},
        {FILE_SYSTEM_ERROR_TOO_LARGE, FILES_ERROR_TOO_LARGE},
        {FILE_SYSTEM_ERROR_TOO_MANY_LINKS, FILES_ERROR_TOO_MANY_LINKS},
        {FILE_SYSTEM_ERROR_INSIDE_ITSELF, FILES_ERROR_INSIDE_ITSELF},
    };

    if (status == STATUS_OK)
        return STATUS_OK;
    for (unsigned i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        if ((int)status == errors[i].from)
            return (enum status)errors[i].to;
    }
    return FILES_ERROR_IO;
}
