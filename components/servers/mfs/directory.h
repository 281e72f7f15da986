// Directories: slots of 64 bytes, each one write. `.` is in slot 0 and `..` in slot 1.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "superblock.h"

#define SLOT_SELF   0u
#define SLOT_PARENT 1u
#define FIRST_SLOT  2u

// FILE_SYSTEM_ERROR_NOT_DIRECTORY: the inode is something else.
MUST_CHECK enum status directory_read(uint32_t number, struct inode *inode);

static inline uint32_t directory_slots(const struct inode *inode)
{
    return inode->size / (uint32_t)sizeof(struct directory_entry);
}

// The slot is below directory_slots. A hole reads as a free slot.
MUST_CHECK enum status directory_slot(const struct inode *inode, uint32_t slot, struct directory_entry *entry);

// The same for a slot with a name; *slot moves to the first used one at or after it. FILE_SYSTEM_ERROR_ABSENT: no more.
MUST_CHECK enum status directory_next(const struct inode *inode, uint32_t *slot, struct directory_entry *entry);

// One write: the slot, which is not in a hole, leads to the inode by this name; 0: it is free.
MUST_CHECK enum status directory_set(const struct inode *inode, uint32_t slot, uint32_t leads_to, const char *name);

// FILE_SYSTEM_ERROR_ABSENT: no such name.
MUST_CHECK enum status directory_find(const struct inode *inode, const char *name, uint32_t *slot, uint32_t *leads_to);

// A free slot; the directory grows if it has none. Waits for the disk then.
MUST_CHECK enum status directory_reserve(uint32_t number, struct inode *inode, uint32_t *slot);

// FILE_SYSTEM_ERROR_NOT_EMPTY: it has a name besides `.` and `..`.
MUST_CHECK enum status directory_check_empty(const struct inode *inode);

// Fills a block that nothing points to yet.
MUST_CHECK enum status directory_make(uint32_t zone, uint32_t self, uint32_t parent);

// Whether an entry's name is one that a file can have: neither empty, `.` nor `..`, without `/`, zeroes only at its end.
bool entry_name_is_good(const char name[NAME_BYTES]);

// The same for a text.
bool name_is_good(const char *name);
