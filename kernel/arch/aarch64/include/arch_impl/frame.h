// aarch64 register frame. Offsets are used by entry.S, checked in asm_offsets.c.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <abi/report.h>

struct arch_frame {
    uint64_t x[31];
    uint64_t sp;     // SP_EL0
    uint64_t pc;     // ELR_EL1
    uint64_t pstate; // SPSR_EL1
    uint64_t tls;    // TPIDR_EL0
    uint64_t padding;
} __attribute__((aligned(16))); // SP_EL1 points here

struct arch_fpu {
    __uint128_t v[32];
    uint64_t fpcr, fpsr;
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
    frame->pc -= 4; // every svc is four bytes long
}

static inline uint64_t frame_pointer(const struct arch_frame *frame)
{
    return frame->x[29];
}

static inline uint64_t frame_record(uint64_t pointer)
{
    return pointer; // AAPCS64 6.4.6
}

static inline uint64_t frame_foreign(const struct arch_frame *frame, unsigned n)
{
    return n == 0 ? frame->x[8] : frame->x[n - 1];
}

static inline void frame_set_foreign_result(struct arch_frame *frame, uint64_t value)
{
    frame->x[0] = value;
}
