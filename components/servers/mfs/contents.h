// What is in files.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "superblock.h"

#define BYTES_PER_CALL 65536u

// Copies up to `count` bytes, at most BYTES_PER_CALL, to the caller's lent memory; *done is less at the end of the file.
MUST_CHECK enum status contents_read(uint32_t number, uint64_t offset, uint32_t count, const struct lend *data, size_t *done);

// The same in the other direction. Contents are on the disk before the file has them: cut off, it is as before in size, and
// holds old or new bytes where it was overwritten.
MUST_CHECK enum status contents_write(uint32_t number, uint64_t offset, const struct lend *data);

MUST_CHECK enum status contents_truncate(uint32_t number, uint64_t size);

// Frees everything that an inode without a name has, and the inode.
MUST_CHECK enum status contents_free(uint32_t number, struct inode *inode);
