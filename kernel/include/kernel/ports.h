// Ranges of I/O ports as objects.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

// An access of `width` bytes, `offset` bytes into the range. BAD_ARGUMENT: not 1, 2 or 4 bytes, or not all of them in
// the range. BAD_SYSCALL: the architecture has no ports.
MUST_CHECK enum status ports_read(const struct ports *ports, uint64_t offset, uint64_t width, uint32_t *value);
MUST_CHECK enum status ports_write(const struct ports *ports, uint64_t offset, uint64_t width, uint32_t value);
