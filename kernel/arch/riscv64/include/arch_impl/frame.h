// riscv64 register frame. Assembly relies on the order of its general registers.
// IPC: a0 = info, a1 = token, a2..a7 = words 0..5, t0..t3 = words 6..9, t4 = system call number; t4, t5, t6 are scratch.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <abi/report.h>

#define RISCV_A0 10
#define RISCV_A7 17
#define RISCV_T0 5
#define RISCV_T3 28
#define RISCV_T4 29
#define RISCV_SP 2
#define RISCV_TP 4
#define RISCV_S0 8

struct arch_frame {
    uint64_t x[32]; // x[0] is not used
    uint64_t pc;     // sepc
    uint64_t status; // sstatus
    uint64_t padding[2];
} __attribute__((aligned(16)));

struct arch_fpu {
    uint64_t f[32];
    uint64_t fcsr;
};

// Number of the register that holds IPC register `n`.
static inline unsigned frame_ipc_register(unsigned n)
{
    static const uint8_t registers[12] = {10, 11, 12, 13, 14, 15, 16, 17, RISCV_T0, 6, 7, RISCV_T3};

    return registers[n];
}

static inline uint64_t frame_get(const struct arch_frame *frame, unsigned n)
{
    return frame->x[frame_ipc_register(n)];
}

static inline void frame_set(struct arch_frame *frame, unsigned n, uint64_t value)
{
    frame->x[frame_ipc_register(n)] = value;
}

static inline void frame_clear_scratch(struct arch_frame *frame)
{
    frame->x[RISCV_T4] = frame->x[RISCV_T4 + 1] = frame->x[RISCV_T4 + 2] = 0;
}

static inline void frame_repeat_syscall(struct arch_frame *frame)
{
    frame->pc -= 4; // every ecall is four bytes long
}

static inline uint64_t frame_pointer(const struct arch_frame *frame)
{
    return frame->x[RISCV_S0];
}

static inline uint64_t frame_record(uint64_t pointer)
{
    return pointer - 16; // psABI, frame pointer convention
}

// Linux's convention: number in a7, arguments in a0 to a5.
static inline uint64_t frame_foreign(const struct arch_frame *frame, unsigned n)
{
    return n == 0 ? frame->x[RISCV_A7] : frame->x[RISCV_A0 + n - 1];
}

static inline void frame_set_foreign_result(struct arch_frame *frame, uint64_t value)
{
    frame->x[RISCV_A0] = value;
}
