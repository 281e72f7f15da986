// What the aarch64 files share among themselves.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/base.h>

struct core;
struct thread;

#define READ_REGISTER(name)                                         \
    ({                                                              \
        uint64_t value_;                                            \
        __asm__ volatile("mrs %0, " #name : "=r"(value_));          \
        value_;                                                     \
    })
#define WRITE_REGISTER(name, value) __asm__ volatile("msr " #name ", %0" : : "r"((uint64_t)(value)) : "memory")
#define ISB() __asm__ volatile("isb" : : : "memory")

extern unsigned aarch64_mode; // how the kernel runs: MODE_*

// The interrupt controller, and its part for the core this runs on.
void interrupt_controller_init(struct core *core);
// Maps the core's part. False: the controller has none for it.
bool find_redistributor(struct core *core);
// `start`: the counter when the kernel was entered.
void timer_init(uint64_t start);
// INTID of the timer this kernel uses.
uint32_t timer_intid(void);

// The FPU trap of user code: gives the thread its registers. False if it may not have any.
bool fpu_take(struct core *core, struct thread *thread);

// Where other cores begin, see head.S.
extern char secondary_start[];

// From head.S and entry.S.
struct thread *aarch64_main(paddr_t device_tree, uint64_t how, uint64_t start);
struct thread *aarch64_exception(struct thread *thread, uint64_t esr, uint64_t far);
struct thread *aarch64_interrupt(struct thread *thread);
NORETURN void aarch64_kernel_exception(uint64_t esr, uint64_t far, uint64_t pc, uint64_t sp, uint64_t frame);
