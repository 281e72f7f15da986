// Bytes that a seed makes: any part can be made again without those before it.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stddef.h>
#include <stdint.h>

void stream_fill(uint64_t seed, uint64_t offset, unsigned char *to, size_t bytes);
