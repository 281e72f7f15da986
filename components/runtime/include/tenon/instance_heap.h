// The malloc arena of this instance, from its `heap:`. Defined in its generated glue.c when it has one.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stddef.h>

extern void *const instance_heap_base;
extern const size_t instance_heap_bytes;
