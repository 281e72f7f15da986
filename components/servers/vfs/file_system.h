// The file systems below, by number. A call that ends because one is restarted is repeated when that does no
// harm. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <glue.h>

#define FILE_SYSTEM_ROOT    0u
#define FILE_SYSTEM_MOUNTED 1u
#define FILE_SYSTEMS        2u

// All of them: an error of FileSystem, or FILE_SYSTEM_ERROR_IO for whatever else it was.
MUST_CHECK enum status file_system_root(unsigned which, uint32_t *inode);
MUST_CHECK enum status file_system_stat(unsigned which, uint32_t inode, struct file_system_node *node);
MUST_CHECK enum status file_system_lookup(unsigned which, uint32_t directory, const char *name,
                                          struct file_system_node *node);
MUST_CHECK enum status file_system_entry(unsigned which, uint32_t directory, uint32_t position,
                                         uint32_t *next, char name[61]);
MUST_CHECK enum status file_system_read(unsigned which, uint32_t inode, uint64_t offset, uint32_t count,
                                        void *data, size_t *got);
MUST_CHECK enum status file_system_write(unsigned which, uint32_t inode, uint64_t offset, const void *data,
                                         size_t bytes);
MUST_CHECK enum status file_system_truncate(unsigned which, uint32_t inode, uint64_t size);
MUST_CHECK enum status file_system_sync(unsigned which);

enum change_kind {
    CHANGE_NONE,
    CHANGE_CREATE,
    CHANGE_MAKE_DIRECTORY,
    CHANGE_UNLINK,
    CHANGE_REMOVE_DIRECTORY,
    CHANGE_RENAME,
    CHANGE_KINDS
};

struct name_place {
    uint32_t directory;
    char name[61];
};

// Sent once. True: an answer came. False: it was cut off, and what the disk shows says whether it happened.
MUST_CHECK bool file_system_change(unsigned which, enum change_kind kind, const struct name_place *from,
                                   const struct name_place *to, enum status *status);

// What a client of Files is told.
enum status files_error(enum status status);
