// The stacks of each core, one core's behind the other's; entry.S reserves them. Shared with assembly.
//   guard page | kernel stack | guard page | panic stack | guard page of the next core, or of the end
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define KERNEL_STACK_BYTES 8192
#define PANIC_STACK_BYTES 4096
#define CORE_STACKS_BYTES (KERNEL_STACK_BYTES + PANIC_STACK_BYTES + 2 * 4096)

#ifndef __ASSEMBLER__ // assembly needs only the numbers above
#include <kernel/object.h>

extern char stacks_start[], stacks_end[], kernel_stack_top[], panic_stack_top[];

// A page of the stacks that is not mapped.
static inline bool stacks_is_guard(uint64_t page)
{
    uint64_t offset = page - (uint64_t)stacks_start, within = offset % CORE_STACKS_BYTES;

    return offset < (uint64_t)(stacks_end - stacks_start) && (within == 0 || within == 4096 + KERNEL_STACK_BYTES);
}

static inline void stacks_assign(struct core *core)
{
    core->kernel_stack = kernel_stack_top + core->index * CORE_STACKS_BYTES;
    core->panic_stack = panic_stack_top + core->index * CORE_STACKS_BYTES;
}
#endif
