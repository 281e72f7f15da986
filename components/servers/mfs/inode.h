// Inodes. What is read here has a known type, a link and a size within the largest file.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "superblock.h"

// FILE_SYSTEM_ERROR_ABSENT: no inode of that number is in use.
MUST_CHECK enum status inode_read(uint32_t number, struct inode *inode);

// As it is on the disk, whatever it says. The number is an inode's.
MUST_CHECK enum status inode_read_unchecked(uint32_t number, struct inode *inode);

MUST_CHECK enum status inode_write(uint32_t number, const struct inode *inode);

// The count stays within what the format holds: FILE_SYSTEM_ERROR_TOO_MANY_LINKS.
MUST_CHECK enum status inode_change_links(uint32_t number, int by);

bool inode_is_good(const struct inode *inode);

enum file_system_kind inode_kind(const struct inode *inode);

// Whether its zone numbers are zones: those of a device are something else.
bool inode_has_zones(const struct inode *inode);
