// What the x86_64 files share among themselves.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/base.h>

struct core;
struct thread;

#define READ_CONTROL(name)                                             \
    ({                                                                 \
        uint64_t value_;                                               \
        __asm__ volatile("mov %%" #name ", %0" : "=r"(value_));        \
        value_;                                                        \
    })
#define WRITE_CONTROL(name, value) __asm__ volatile("mov %0, %%" #name : : "r"((uint64_t)(value)) : "memory")

static inline void write_msr(uint32_t number, uint64_t value)
{
    __asm__ volatile("wrmsr" : : "c"(number), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)) : "memory");
}

static inline uint64_t read_msr(uint32_t number)
{
    uint32_t low, high;

    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
    return low | (uint64_t)high << 32;
}

struct cpuid {
    uint32_t a, b, c, d;
};

static inline struct cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid id;

    __asm__ volatile("cpuid" : "=a"(id.a), "=b"(id.b), "=c"(id.c), "=d"(id.d) : "a"(leaf), "c"(subleaf));
    return id;
}

// Not read ahead of what came before.
static inline uint64_t read_tsc(void)
{
    uint32_t low, high;

    __asm__ volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high) : : "memory");
    return low | (uint64_t)high << 32;
}

// Descriptor tables, system call entry and protections of the core this runs on.
void segments_init(struct core *core);
void protections_init(void);

// The tables of the kernel: built once, used by each core.
void mmu_build_tables(void);
void mmu_use_tables(void);

// The way up of other cores, see head.S: a page below 1 MiB gets the trampoline. NULL if the loader says it is not ours.
extern char *trampoline_page;
void *map_trampoline(void);

void interrupt_controller_init(struct core *core);
// Some were taken in the kernel and wait to be handled: one bit each in the highest word that has any. NULL: none.
uint64_t *interrupts_noted(struct core *core);
// Registers of the local APIC of the core this runs on.
uint32_t local_apic_read(uint32_t offset);
void local_apic_write(uint32_t offset, uint32_t value);

// `start`: the time stamp when the kernel was entered.
void timer_init(uint64_t start);

// Gives the thread the FPU after it trapped. False if it may not have it.
bool fpu_take(struct core *core, struct thread *thread);

// From head.S and entry.S.
extern uint64_t boot_time;
extern uint32_t boot_protocol, boot_information;
extern char trampoline[], trampoline_core[], trampoline_end[];
extern char syscall_entry[], vector_entries[];
struct thread *x86_64_main(void);
struct thread *x86_64_start_core(struct core *core);
struct thread *x86_64_syscall(struct thread *thread);
struct thread *x86_64_trap(struct thread *thread, uint64_t vector, uint64_t error, uint64_t address);
NORETURN void x86_64_kernel_trap(uint64_t vector, uint64_t error, uint64_t pc, uint64_t sp, uint64_t address, uint64_t frame);
