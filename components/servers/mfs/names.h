// What changes names. Each checks everything first; cut off anywhere, it leaves what recovery.h lists.
//
// A name on the disk leads to an inode that is on the disk, and a name is gone before what it led to is free. What is changed
// last is handed to the disk by the caller, with cache_write_out.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "superblock.h"

MUST_CHECK enum status names_create(uint32_t directory, const char *name, uint32_t *number);
MUST_CHECK enum status names_make_directory(uint32_t directory, const char *name, uint32_t *number);
MUST_CHECK enum status names_link(uint32_t number, uint32_t directory, const char *name);
MUST_CHECK enum status names_unlink(uint32_t directory, const char *name);
MUST_CHECK enum status names_remove_directory(uint32_t directory, const char *name);

struct name_place {
    uint32_t directory;
    const char *name;
};

// Replaces a file, never a directory. If both names lead to one file, `from` goes: so an interrupted rename can be repeated.
MUST_CHECK enum status names_rename(struct name_place from, struct name_place to);
