// What portable code may ask of any architecture's register frame.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/base.h>

struct arch_frame; // its `pc` is where user code goes on
struct arch_fpu;
struct thread_registers;

// Registers of a system call. n: arguments 0..5; results 0 = status, 1.. = values; of an IPC call 0 = info, 1 = token,
// 2..11 = words.
#define FRAME_INFO 0
#define FRAME_TOKEN 1
#define FRAME_WORD 2
static inline uint64_t frame_get(const struct arch_frame *frame, unsigned n);
static inline void frame_set(struct arch_frame *frame, unsigned n, uint64_t value);

// The scratch registers that an IPC call does not keep read as zero afterwards.
static inline void frame_clear_scratch(struct arch_frame *frame);

// The system call runs again, with its present arguments, when the thread next runs.
static inline void frame_repeat_syscall(struct arch_frame *frame);

static inline uint64_t frame_pointer(const struct arch_frame *frame);
// Where {the caller's frame pointer, return address} of a frame pointer is.
static inline uint64_t frame_record(uint64_t pointer);

// Foreign system call: n = 0 number register, 1.. arguments; and its result register.
static inline uint64_t frame_foreign(const struct arch_frame *frame, unsigned n);
static inline void frame_set_foreign_result(struct arch_frame *frame, uint64_t value);

// Everything zero but these.
void arch_frame_start(struct arch_frame *frame, uint64_t entry, uint64_t stack, uint64_t argument);

void arch_frame_export(const struct arch_frame *frame, struct thread_registers *out);
// Keeps what user space may not choose (mode, interrupt mask).
void arch_frame_import(struct arch_frame *frame, const struct thread_registers *in);

#include <arch_impl/frame.h>
