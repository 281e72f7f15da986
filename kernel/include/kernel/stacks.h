// The kernel's stacks. The page below each is not mapped. The core that boots does so on its kernel stack.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/layout.h>

#define KERNEL_STACK_BYTES 8192
#define PANIC_STACK_BYTES 4096

struct core_stacks {
    char guard[PAGE_SIZE], kernel[KERNEL_STACK_BYTES], panic_guard[PAGE_SIZE], panic[PANIC_STACK_BYTES];
};

extern struct core_stacks core_stacks[]; // layout: each core's

// Before anything can go wrong on the core that boots.
static inline void stacks_init(void)
{
    for (uint32_t i = 0; i < core_count; i++) {
        cores[i].kernel_stack = core_stacks[i].kernel + KERNEL_STACK_BYTES;
        cores[i].panic_stack = core_stacks[i].panic + PANIC_STACK_BYTES;
    }
}
