// The fake machine's register frame: the ABI's registers and no more. A system call is an instruction of four bytes.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <abi/report.h>

#define HOST_SYSCALL_BYTES 4

struct arch_frame {
    uint64_t x[31];
    uint64_t sp, pc, pstate, tls;
};

struct arch_fpu {
    uint64_t v[4];
};

static inline uint64_t frame_get(const struct arch_frame *frame, unsigned n)
{
    return frame->x[n];
}

static inline void frame_set(struct arch_frame *frame, unsigned n, uint64_t value)
{
    frame->x[n] = value;
}

static inline void frame_clear_scratch(struct arch_frame *frame)
{
    for (unsigned i = 12; i <= 18; i++)
        frame->x[i] = 0;
}

static inline void frame_repeat_syscall(struct arch_frame *frame)
{
    frame->pc -= HOST_SYSCALL_BYTES;
}

static inline uint64_t frame_pointer(const struct arch_frame *frame)
{
    return frame->x[29];
}

static inline uint64_t frame_record(uint64_t pointer)
{
    return pointer;
}

static inline uint64_t frame_foreign(const struct arch_frame *frame, unsigned n)
{
    return n == 0 ? frame->x[8] : frame->x[n - 1];
}

static inline void frame_set_foreign_result(struct arch_frame *frame, uint64_t value)
{
    frame->x[0] = value;
}
