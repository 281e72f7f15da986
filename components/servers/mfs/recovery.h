// The scan at start: makes what an interrupted operation left into a sound disk.
//
// An operation that was cut off leaves these, and nothing else:
// - a bit that is set, of an inode or zone that nothing uses; or an inode's table entry with nobody using it,
// - a count of links that is not the number of names,
// - zones beyond the size of their file,
// - one directory that was being moved: it has two names, or a `..` that is not where its name is. If the directory that `..`
//   leads to has a name for it, the other name goes; otherwise `..` is set back.
// Everything else is damage: the disk is left as it is.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "superblock.h"

struct recovery_result {
    bool sound;       // false: damaged, and nothing was changed
    uint32_t repairs; // what was not right
    const char *why;  // for damage: what it is, and the inode it was met at
    uint32_t where;
};

// With `may_write` false it only looks. FILE_SYSTEM_ERROR_IO: it does not know; what it has written so far is right.
MUST_CHECK enum status recovery_run(bool may_write, struct recovery_result *result);
