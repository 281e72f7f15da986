// Core: checks at boot, frames, entropy, device writes, and the first C functions.
// SPDX-License-Identifier: BSD-2-Clause
#include <arch/cpu.h>

#include "registers.h"
#include "x86_64.h"

#include <arch/boot.h>
#include <kernel/boot.h>
#include <kernel/stacks.h>

#define RFLAGS_USER 0x202  // interrupts on, and the bit that is always 1
#define RFLAGS_FREE 0xcd5  // what user code may choose: CF PF AF ZF SF DF OF
#define CANONICAL_BITS 48

struct thread *x86_64_main(void)
{
    stacks_init();
    segments_init(&cores[0]);
    mmu_build_tables();
    return kernel_main(boot_information);
}

struct thread *x86_64_start_core(struct core *core)
{
    mmu_use_tables();
    segments_init(core);
    protections_init();
    __atomic_store_n(&core->arch.started, true, __ATOMIC_RELEASE);
    return kernel_start_core(core);
}

void arch_devices_init(void)
{
    struct core *core = arch_core();

    interrupt_controller_init(core);
    timer_init(boot_time);
    arch_core_devices_init(core);
}

const char *arch_mode_name(void)
{
    return "long mode";
}

#define LEAF_FEATURES 7
#define HAS_CAPABILITIES (1u << 29)
#define CAPABILITIES 0x10a
#define RDCL_NO 1
#define LEAF_EXTENDED 0x80000001
#define HAS_NX (1u << 20)
#define HAS_LONG_MODE_SYSCALL (1u << 11)

// Intel's cores let user code read kernel memory speculatively (CVE-2017-5754) unless they say they do not.
static bool needs_table_isolation(void)
{
    struct cpuid vendor = cpuid(0, 0);

    if (vendor.b != 0x756e6547 || vendor.d != 0x49656e69 || vendor.c != 0x6c65746e) // GenuineIntel
        return false;
    if (vendor.a < LEAF_FEATURES || !(cpuid(LEAF_FEATURES, 0).d & HAS_CAPABILITIES))
        return true;
    return !(read_msr(CAPABILITIES) & RDCL_NO);
}

void arch_check_cpu(void)
{
    uint32_t extended = cpuid(LEAF_EXTENDED, 0).d;

    if (!(extended & HAS_NX) || !(extended & HAS_LONG_MODE_SYSCALL))
        panic("this core has no execute protection or no `syscall`");
    if (needs_table_isolation())
        panic("this core needs page-table isolation, which this kernel does not do");
    protections_init();
}

void arch_allow_counters(void)
{
    WRITE_CONTROL(cr4, READ_CONTROL(cr4) & ~(uint64_t)CR4_TSD);
}

#define HAS_RDRAND (1u << 30)
#define RDRAND_TRIES 10 // Intel's own advice

static bool draw(uint64_t *word)
{
    bool good = false;

    for (unsigned i = 0; i < RDRAND_TRIES && !good; i++)
        __asm__ volatile("rdrand %0\n\tsetc %1" : "=r"(*word), "=qm"(good) : : "cc");
    return good;
}

bool arch_entropy(uint64_t words[4])
{
    if (!(cpuid(1, 0).c & HAS_RDRAND))
        return false;
    return draw(&words[0]) && draw(&words[1]) && draw(&words[2]) && draw(&words[3]);
}

void arch_device_write(void *address, uint64_t value, unsigned width)
{
    switch (width) {
    case 1: *(volatile uint8_t *)address = (uint8_t)value; break;
    case 2: *(volatile uint16_t *)address = (uint16_t)value; break;
    case 4: *(volatile uint32_t *)address = (uint32_t)value; break;
    default: *(volatile uint64_t *)address = value; break;
    }
    __asm__ volatile("mfence" : : : "memory"); // done before memory is touched
}

// --- Frames ----------------------------------------------------------------------------------

void arch_frame_start(struct arch_frame *frame, uint64_t entry, uint64_t stack, uint64_t argument)
{
    *frame = (struct arch_frame){.ipc = {argument},
                                 .pc = entry,
                                 .cs = USER_CS,
                                 .rflags = RFLAGS_USER,
                                 .rsp = stack,
                                 .ss = USER_SS};
}

// x[0] to x[11] are the message registers in their order, x[12] to x[14] rax, rcx, r11.
void arch_frame_export(const struct arch_frame *frame, struct thread_registers *out)
{
    *out = (struct thread_registers){
        .sp = frame->rsp, .pc = frame->pc, .pstate = frame->rflags & RFLAGS_FREE, .tls = frame->tls};
    __builtin_memcpy(out->x, frame->ipc, 15 * sizeof out->x[0]);
}

// An address whose upper bits are not all the same would fault in the kernel, not in user code.
static uint64_t canonical(uint64_t address)
{
    return (uint64_t)((int64_t)(address << (64 - CANONICAL_BITS)) >> (64 - CANONICAL_BITS));
}

void arch_frame_import(struct arch_frame *frame, const struct thread_registers *in)
{
    __builtin_memcpy(frame->ipc, in->x, 15 * sizeof in->x[0]);
    frame->rsp = in->sp;
    frame->pc = canonical(in->pc);
    frame->rflags = (frame->rflags & ~(uint64_t)RFLAGS_FREE) | (in->pstate & RFLAGS_FREE);
    frame->tls = canonical(in->tls);
}
