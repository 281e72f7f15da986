// One of the two disks: requests that are repeated when its driver is restarted, and whether the disk does
// its work.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum side { LEFT, RIGHT, SIDES };

// Whether the disk is there, has the header of this side, and room for what that says. Then `pair` and
// `blocks` are its own.
bool side_open(enum side side, uint8_t pair[16], uint64_t *blocks);

// Whole blocks of the disk. False when it cannot; that is logged when it is news.
bool side_read(enum side side, uint64_t first, uint32_t count, void *to);
bool side_write(enum side side, uint64_t first, uint32_t count, const void *from);
bool side_flush(enum side side);
