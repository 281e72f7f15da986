// What a core needs before user code can run on it: descriptor tables, the entry of system calls, protections.
// AMD APM 2: 4.7 and 4.8 (descriptors), 12.2.5 (task state), 6.1.1 (SYSCALL).
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"
#include "x86_64.h"

#include <arch/cpu.h>
#include <kernel/object.h>

#define CODE_64 0x00209b0000000000ull
#define DATA 0x00cf93000000ffffull
#define USER_LEVEL 0x0000600000000000ull
#define TASK_STATE_64 0x0000890000000000ull
#define GATE_INTERRUPT 0x8e00ull // present, interrupts off
#define GATE_USER 0x6000ull      // user code may use it: `int3`
#define PANIC_STACK 1            // entry of the interrupt stack table

#define VECTOR_DOUBLE_FAULT 8
#define VECTOR_MACHINE_CHECK 18

#define STAR 0xc0000081
#define LSTAR 0xc0000082
#define SFMASK 0xc0000084
#define GS_BASE 0xc0000101
#define KERNEL_GS_BASE 0xc0000102
#define FLAGS_OFF 0x57700 // TF, IF, DF, IOPL, NT, RF, AC: off in the kernel

#define FEATURES_7_SMEP (1u << 7)
#define FEATURES_7_SMAP (1u << 20)
#define FEATURES_7C_UMIP (1u << 2)

struct gate {
    uint32_t selector_and_low, middle_and_flags; // of the offset: bits 0 to 15, 16 to 31
    uint64_t offset_high;
};
_Static_assert(sizeof(struct gate) == 16, "hardware's layout");

static struct gate gates[256];

struct pointer {
    uint16_t limit;
    uint64_t base;
} __attribute__((packed));

static void init_gates(void)
{
    for (unsigned i = 0; i < 256; i++) {
        uint64_t entry = (uint64_t)vector_entries + i * 16;
        bool own_stack = i == VECTOR_NMI || i == VECTOR_DOUBLE_FAULT || i == VECTOR_MACHINE_CHECK;
        uint32_t flags = GATE_INTERRUPT | (i == VECTOR_BREAKPOINT ? GATE_USER : 0) | (own_stack ? PANIC_STACK : 0);

        gates[i] = (struct gate){KERNEL_CS << 16 | (uint16_t)entry, (uint32_t)(entry & 0xffff0000) | flags, entry >> 32};
    }
}

static void put64(uint32_t *words, uint64_t value)
{
    words[0] = (uint32_t)value;
    words[1] = (uint32_t)(value >> 32);
}

static void init_descriptors(struct arch_core *arch, uint64_t kernel_stack, uint64_t panic_stack)
{
    uint64_t task = (uint64_t)arch->task_state;

    put64(&arch->task_state[1], kernel_stack);
    put64(&arch->task_state[9], panic_stack);
    arch->task_state[25] = sizeof arch->task_state << 16; // no map of ports
    arch->descriptors[KERNEL_CS / 8] = CODE_64;
    arch->descriptors[KERNEL_SS / 8] = DATA;
    arch->descriptors[USER_SS / 8] = DATA | USER_LEVEL;
    arch->descriptors[USER_CS / 8] = CODE_64 | USER_LEVEL;
    arch->descriptors[TASK_STATE / 8] = TASK_STATE_64 | (sizeof arch->task_state - 1) | (task & 0xffffff) << 16 |
                                        (task >> 24 & 0xff) << 56;
    arch->descriptors[TASK_STATE / 8 + 1] = task >> 32;
}

void segments_init(struct core *core)
{
    struct arch_core *arch = &core->arch;
    struct pointer descriptors = {sizeof arch->descriptors - 1, (uint64_t)arch->descriptors};
    struct pointer interrupts = {sizeof gates - 1, (uint64_t)gates};

    if (core->index == 0)
        init_gates();
    init_descriptors(arch, (uint64_t)core->kernel_stack, (uint64_t)core->panic_stack);
    arch->self = core;
    __asm__ volatile("lgdt %0\n\tlidt %1" : : "m"(descriptors), "m"(interrupts) : "memory");
    __asm__ volatile("ltr %w0" : : "r"(TASK_STATE) : "memory");
    write_msr(GS_BASE, (uint64_t)core);
    write_msr(KERNEL_GS_BASE, 0);
    write_msr(STAR, (uint64_t)KERNEL_CS << 32 | (uint64_t)KERNEL_SS << 48);
    write_msr(LSTAR, (uint64_t)syscall_entry);
    write_msr(SFMASK, FLAGS_OFF);
}

// What the processor has of: no execution of and no access to user pages in the kernel, no look at its tables from user
// level. User code cannot read the time stamp unless arch_allow_counters() says so.
void protections_init(void)
{
    struct cpuid features = cpuid(0, 0).a >= 7 ? cpuid(7, 0) : (struct cpuid){0};
    uint64_t control = READ_CONTROL(cr4) | CR4_TSD;

    if (features.b & FEATURES_7_SMEP)
        control |= CR4_SMEP;
    if (features.b & FEATURES_7_SMAP)
        control |= CR4_SMAP;
    if (features.c & FEATURES_7C_UMIP)
        control |= CR4_UMIP;
    WRITE_CONTROL(cr4, control);
}
