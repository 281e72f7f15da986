// The disk as blocks of 1 KiB. The death of its driver is a delay.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <glue.h>

#include "format.h"

#define BLOCKS_PER_ACCESS 64u // the most that Block moves at once

// False: no usable disk (logged).
MUST_CHECK bool block_access_open(uint64_t *blocks, bool *read_only);

// FILE_SYSTEM_ERROR_IO: none, some or all of it was done. The count is from 1 to BLOCKS_PER_ACCESS.
MUST_CHECK enum status block_access_read(uint32_t first, uint32_t count, void *to);
MUST_CHECK enum status block_access_write(uint32_t first, uint32_t count, const void *from);

// What was written before is safe from a power cut.
MUST_CHECK enum status block_access_flush(void);
