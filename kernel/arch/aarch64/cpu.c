// Core: checks at boot, frames, entropy, device writes, and the first C function.
// SPDX-License-Identifier: BSD-2-Clause
#include <arch/cpu.h>

#include "aarch64.h"
#include "registers.h"

#include <arch/boot.h>
#include <kernel/boot.h>
#include <kernel/stacks.h>

#define PSTATE_FLAGS 0xf0000000ull // N, Z, C, V

unsigned aarch64_mode;
static uint64_t start_count;

struct thread *aarch64_main(paddr_t device_tree, uint64_t how, uint64_t start)
{
    stacks_init();
    aarch64_mode = (unsigned)how;
    start_count = start;
    return kernel_main(device_tree);
}

#define MPIDR_AFFINITY 0xff00ffffffull

void arch_devices_init(void)
{
    struct core *core = arch_core();

    core->hardware_id = READ_REGISTER(mpidr_el1) & MPIDR_AFFINITY;
    timer_init(start_count);
    interrupt_controller_init(core);
}

const char *arch_mode_name(void)
{
    static const char *const names[] = {
        [MODE_EL1] = "EL1", [MODE_EL2_VHE] = "EL2 with VHE", [MODE_EL1_WITH_STUB] = "EL1 below a resident EL2 stub"};

    return names[aarch64_mode];
}

// The one Arm core whose user level can read kernel memory speculatively (variant 3, CVE-2017-5754) and that
// has no fix in hardware.
#define MIDR_PART_CORTEX_A75 0xd0a

void arch_check_cpu(void)
{
    uint64_t midr = READ_REGISTER(midr_el1), pfr0 = READ_REGISTER(id_aa64pfr0_el1);
    uint64_t mmfr0 = READ_REGISTER(id_aa64mmfr0_el1);
    bool csv3 = pfr0 >> 60 & 0xf;

    if ((midr >> 4 & 0xfff) == MIDR_PART_CORTEX_A75 && !csv3)
        panic("this core needs page-table isolation, which this kernel does not do");
    if ((mmfr0 >> 4 & 0xf) != 2)
        panic("this core has no 16-bit address-space identifiers");
    if ((mmfr0 >> 28 & 0xf) == 0xf)
        panic("this core has no 4 KiB pages");
}

bool arch_entropy(uint64_t words[4])
{
    if ((READ_REGISTER(id_aa64isar0_el1) >> 60 & 0xf) == 0) // RNDR
        return false;
    for (unsigned i = 0; i < 4; i++) {
        uint64_t good;

        __asm__ volatile("mrs %0, S3_3_C2_C4_0\n\tcset %1, ne" : "=r"(words[i]), "=r"(good) : : "cc");
        if (!good)
            return false;
    }
    return true;
}

void arch_device_write(void *address, uint64_t value, unsigned width)
{
    switch (width) {
    case 1: *(volatile uint8_t *)address = (uint8_t)value; break;
    case 2: *(volatile uint16_t *)address = (uint16_t)value; break;
    case 4: *(volatile uint32_t *)address = (uint32_t)value; break;
    default: *(volatile uint64_t *)address = value; break;
    }
    __asm__ volatile("dsb sy" : : : "memory"); // done before memory is touched
}

// PMCCNTR_EL0, one count a cycle, at every level (Arm ARM D13.5).
#define PMCR_RUN (1u << 0 | 1u << 2 | 1u << 6) // E, C, LC
#define PMCNTEN_CYCLES (1u << 31)
#define PMUSEREN_CYCLES (1u << 2)
#define PMCCFILTR_EL2 (1u << 27) // NSH: count at EL2 too

void arch_allow_counters(void)
{
    WRITE_REGISTER(pmcr_el0, READ_REGISTER(pmcr_el0) | PMCR_RUN);
    WRITE_REGISTER(pmccfiltr_el0, PMCCFILTR_EL2);
    WRITE_REGISTER(pmcntenset_el0, PMCNTEN_CYCLES);
    WRITE_REGISTER(pmuserenr_el0, PMUSEREN_CYCLES);
    ISB();
}

// --- Frames ----------------------------------------------------------------------------------

void arch_frame_start(struct arch_frame *frame, uint64_t entry, uint64_t stack, uint64_t argument)
{
    *frame = (struct arch_frame){.sp = stack, .pc = entry}; // pstate 0: EL0, interrupts on
    frame->x[0] = argument;
}

void arch_frame_export(const struct arch_frame *frame, struct thread_registers *out)
{
    __builtin_memcpy(out->x, frame->x, sizeof out->x);
    out->sp = frame->sp;
    out->pc = frame->pc;
    out->pstate = frame->pstate & PSTATE_FLAGS;
    out->tls = frame->tls;
}

void arch_frame_import(struct arch_frame *frame, const struct thread_registers *in)
{
    __builtin_memcpy(frame->x, in->x, sizeof frame->x);
    frame->sp = in->sp;
    frame->pc = in->pc;
    frame->pstate = (frame->pstate & ~PSTATE_FLAGS) | (in->pstate & PSTATE_FLAGS);
    frame->tls = in->tls;
}
