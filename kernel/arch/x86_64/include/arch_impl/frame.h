// x86_64 register frame. Assembly relies on the order of its general registers.
// IPC: rdi = info, rsi = token, rdx r10 r8 r9 rbx rbp r12 r13 r14 r15 = words 0..9, rax = system call number; rax, rcx, r11
// are scratch.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <abi/report.h>

#define X86_RBP 7 // its place among the message registers

struct arch_frame {
    uint64_t ipc[12];
    uint64_t rax, rcx, r11;
    uint64_t tls; // FS.base
    uint64_t pc, cs, rflags, rsp, ss;
    uint64_t padding;
} __attribute__((aligned(16)));

struct arch_fpu {
    uint8_t image[512]; // as `fxsave` writes it (AMD APM 2, 11.5)
} __attribute__((aligned(16)));

static inline uint64_t frame_get(const struct arch_frame *frame, unsigned n)
{
    return frame->ipc[n];
}

static inline void frame_set(struct arch_frame *frame, unsigned n, uint64_t value)
{
    frame->ipc[n] = value;
}


static inline void frame_clear_scratch(struct arch_frame *frame)
{
    frame->rax = frame->rcx = frame->r11 = 0;
}

static inline void frame_repeat_syscall(struct arch_frame *frame)
{
    frame->pc -= 2; // `syscall` is two bytes long; the number is still in rax
}

static inline uint64_t frame_pointer(const struct arch_frame *frame)
{
    return frame->ipc[X86_RBP];
}

static inline uint64_t frame_record(uint64_t pointer)
{
    return pointer; // System V ABI 3.2.2
}

// Linux's convention: number in rax, arguments in rdi, rsi, rdx, r10, r8, r9: the first six message registers.
static inline uint64_t frame_foreign(const struct arch_frame *frame, unsigned n)
{
    return n == 0 ? frame->rax : frame->ipc[n - 1];
}

static inline void frame_set_foreign_result(struct arch_frame *frame, uint64_t value)
{
    frame->rax = value;
}
