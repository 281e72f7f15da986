// What the riscv64 files share among themselves.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/base.h>

struct core;
struct thread;

#define READ_REGISTER(name)                                         \
    ({                                                              \
        uint64_t value_;                                            \
        __asm__ volatile("csrr %0, " #name : "=r"(value_));         \
        value_;                                                     \
    })
#define WRITE_REGISTER(name, value) __asm__ volatile("csrw " #name ", %0" : : "r"((uint64_t)(value)) : "memory")
#define SET_BITS(name, bits) __asm__ volatile("csrs " #name ", %0" : : "r"((uint64_t)(bits)) : "memory")

#define CLEAR_BITS(name, bits) __asm__ volatile("csrc " #name ", %0" : : "r"((uint64_t)(bits)) : "memory")

#define SIE_SOFTWARE (1u << 1)
#define SIE_TIMER (1u << 5)
#define SIE_EXTERNAL (1u << 9)

struct sbi_result {
    int64_t error;
    uint64_t value;
};

// A call to the firmware (RISC-V SBI specification 1.0, chapter 3).
struct sbi_result sbi_call(uint64_t extension, uint64_t function, uint64_t a, uint64_t b, uint64_t c);
#define SBI_TIME 0x54494d45
#define SBI_IPI 0x735049
#define SBI_HART 0x48534d
#define SBI_SYSTEM_RESET 0x53525354

// The interrupt controller, and its part for the core this runs on.
void interrupt_controller_init(struct core *core);
// `start`: the time when the kernel was entered.
void timer_init(uint64_t start);

// Gives the thread the FPU after it trapped. False if it may not have it, or has it already.
bool fpu_take(struct core *core, struct thread *thread);

// Where other cores begin, see head.S.
extern char secondary_start[];

// From head.S and entry.S.
struct thread *riscv64_main(paddr_t device_tree, uint64_t hart, uint64_t start);
struct thread *riscv64_trap(struct thread *thread, uint64_t cause, uint64_t value);
NORETURN void riscv64_kernel_trap(uint64_t cause, uint64_t value, uint64_t pc, uint64_t sp, uint64_t frame);
