// Core: checks at boot, frames, device writes, firmware calls, and the first C function.
// SPDX-License-Identifier: BSD-2-Clause
#include <arch/cpu.h>

#include "registers.h"
#include "riscv64.h"

#include <arch/boot.h>
#include <kernel/boot.h>
#include <kernel/stacks.h>

static uint64_t boot_hart, start_time;

struct thread *riscv64_main(paddr_t device_tree, uint64_t hart, uint64_t start)
{
    stacks_init();
    boot_hart = hart;
    start_time = start;
    return kernel_main(device_tree);
}

void arch_devices_init(void)
{
    struct core *core = arch_core();

    core->hardware_id = boot_hart;
    timer_init(start_time);
    interrupt_controller_init(core);
}

const char *arch_mode_name(void)
{
    return "supervisor mode";
}

#define SATP_ASID_MASK (0xffffull << 44)

// How many bits of an address-space identifier exist is found by writing them all (RISC-V privileged, 10.1.11).
void arch_check_cpu(void)
{
    uint64_t satp = READ_REGISTER(satp);

    WRITE_REGISTER(satp, satp | SATP_ASID_MASK);
    uint64_t kept = READ_REGISTER(satp) & SATP_ASID_MASK;

    WRITE_REGISTER(satp, satp);
    if (kept != SATP_ASID_MASK)
        panic("this core has no 16-bit address-space identifiers");
}

#define COUNTERS 7 // cycle, time, instret

void arch_allow_counters(void)
{
    WRITE_REGISTER(scounteren, COUNTERS);
}

// The Zkr extension's seed register is not readable in supervisor mode unless the firmware says so.
bool arch_entropy(uint64_t words[4])
{
    return false;
}

void arch_device_write(void *address, uint64_t value, unsigned width)
{
    switch (width) {
    case 1: *(volatile uint8_t *)address = (uint8_t)value; break;
    case 2: *(volatile uint16_t *)address = (uint16_t)value; break;
    case 4: *(volatile uint32_t *)address = (uint32_t)value; break;
    default: *(volatile uint64_t *)address = value; break;
    }
    __asm__ volatile("fence iorw, iorw" : : : "memory"); // done before memory is touched
}

struct sbi_result sbi_call(uint64_t extension, uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
    register uint64_t a0 __asm__("a0") = a;
    register uint64_t a1 __asm__("a1") = b;
    register uint64_t a2 __asm__("a2") = c;
    register uint64_t a6 __asm__("a6") = function;
    register uint64_t a7 __asm__("a7") = extension;

    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a6), "r"(a7) : "memory");
    return (struct sbi_result){(int64_t)a0, a1};
}

// --- Frames ----------------------------------------------------------------------------------

void arch_frame_start(struct arch_frame *frame, uint64_t entry, uint64_t stack, uint64_t argument)
{
    *frame = (struct arch_frame){.pc = entry, .status = SSTATUS_SPIE};
    frame->x[RISCV_SP] = stack;
    frame->x[RISCV_A0] = argument;
}

void arch_frame_export(const struct arch_frame *frame, struct thread_registers *out)
{
    for (unsigned i = 0; i < 31; i++)
        out->x[i] = frame->x[i + 1];
    out->sp = frame->x[RISCV_SP];
    out->pc = frame->pc;
    out->pstate = 0;
    out->tls = frame->x[RISCV_TP];
}

// sp and tp are taken from their own fields.
void arch_frame_import(struct arch_frame *frame, const struct thread_registers *in)
{
    for (unsigned i = 0; i < 31; i++)
        frame->x[i + 1] = in->x[i];
    frame->x[RISCV_SP] = in->sp;
    frame->x[RISCV_TP] = in->tls;
    frame->pc = in->pc;
}
