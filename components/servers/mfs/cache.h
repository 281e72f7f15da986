// Blocks of maps, inodes, indirect zones and directories: copies, clean between operations.
//
// Writes between two barriers reach the disk in any order, and may do so at once. So what must be on the disk first is
// followed by a barrier. Contents of files never pass through here: of a zone that becomes a file's an old copy may be left,
// which nobody reads, since whoever takes a zone for something else clears it.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "block_access.h"

// The range is within the block; the block is within the file system.
MUST_CHECK enum status cache_read(uint32_t block, uint32_t offset, void *to, uint32_t bytes);
MUST_CHECK enum status cache_write(uint32_t block, uint32_t offset, const void *from, uint32_t bytes);

// The whole block becomes zero; it is not read before.
MUST_CHECK enum status cache_clear(uint32_t block);

// Everything that was changed is handed to the disk.
MUST_CHECK enum status cache_write_out(void);

// The same, and it is on the disk before anything that is written from now on.
MUST_CHECK enum status cache_barrier(void);

// As after a start: changes that were not handed over are lost.
void cache_reset(void);
