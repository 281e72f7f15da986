// GICv3: distributor, this core's redistributor, CPU interface by system registers (Arm IHI 0069).
// One priority, group 1, no LPIs. The timer's interrupt is handled here, all others are objects.
// SPDX-License-Identifier: BSD-2-Clause
#include "aarch64.h"

#include <arch/cpu.h>
#include <arch/interrupt.h>
#include <arch/mmu.h>
#include <kernel/interrupt.h>
#include <kernel/layout.h>
#include <kernel/panic.h>
#include <kernel/timer.h>

#define GICD_CTLR 0x0000
#define GICD_TYPER 0x0004
#define GICD_IGROUPR 0x0080
#define GICD_ISENABLER 0x0100
#define GICD_ICENABLER 0x0180
#define GICD_IPRIORITYR 0x0400
#define GICD_ICFGR 0x0c00
#define GICD_IROUTER 0x6000
#define GICD_CTLR_ENABLE_G1_ARE (1u << 1 | 1u << 4)

#define GICR_WAKER 0x0014
#define GICR_SGI_FRAME 0x10000
#define GICR_WAKER_SLEEP (1u << 1)
#define GICR_WAKER_ASLEEP (1u << 2)


#define FIRST_SHARED 32
#define SPURIOUS 1020
#define PRIORITY 0xa0
#define SPINS_MAX 1000000

static volatile char *distributor, *redistributor;

static void write32(volatile char *base, uint64_t offset, uint32_t value)
{
    *(volatile uint32_t *)(base + offset) = value;
}

static uint32_t read32(volatile char *base, uint64_t offset)
{
    return *(volatile uint32_t *)(base + offset);
}

// Private interrupts (0 to 31) have their registers in the redistributor, at the same offsets.
static volatile char *frame_of(uint32_t intid)
{
    return intid < FIRST_SHARED ? redistributor + GICR_SGI_FRAME : distributor;
}

void arch_interrupt_mask(uint32_t intid)
{
    write32(frame_of(intid), GICD_ICENABLER + intid / 32 * 4, 1u << intid % 32);
}

void arch_interrupt_unmask(uint32_t intid)
{
    write32(frame_of(intid), GICD_ISENABLER + intid / 32 * 4, 1u << intid % 32);
}

void arch_interrupt_setup(uint32_t intid, bool edge)
{
    volatile char *frame = frame_of(intid);
    uint32_t group = read32(frame, GICD_IGROUPR + intid / 32 * 4);
    uint32_t config = read32(frame, GICD_ICFGR + intid / 16 * 4);
    uint32_t edge_bit = 2u << intid % 16 * 2;

    arch_interrupt_mask(intid);
    write32(frame, GICD_IGROUPR + intid / 32 * 4, group | 1u << intid % 32);
    write32(frame, GICD_ICFGR + intid / 16 * 4, edge ? config | edge_bit : config & ~edge_bit);
    frame[GICD_IPRIORITYR + intid] = (char)PRIORITY;
    if (intid >= FIRST_SHARED) // to this core: MPIDR affinity
        *(volatile uint64_t *)(distributor + GICD_IROUTER + intid * 8ull) =
            READ_REGISTER(mpidr_el1) & 0xff00ffffffull;
}

static void wake_redistributor(void)
{
    write32(redistributor, GICR_WAKER, read32(redistributor, GICR_WAKER) & ~GICR_WAKER_SLEEP);
    for (unsigned i = 0; read32(redistributor, GICR_WAKER) & GICR_WAKER_ASLEEP; i++) {
        if (i == SPINS_MAX)
            panic("the interrupt controller's redistributor does not wake up");
    }
}

static void cpu_interface_init(void)
{
    WRITE_REGISTER(S3_0_C12_C12_5, READ_REGISTER(S3_0_C12_C12_5) | 1); // ICC_SRE_EL1
    ISB();
    WRITE_REGISTER(S3_0_C4_C6_0, 0xff); // ICC_PMR_EL1: all priorities
    WRITE_REGISTER(S3_0_C12_C12_3, 0);  // ICC_BPR1_EL1
    WRITE_REGISTER(S3_0_C12_C12_4, 0);  // ICC_CTLR_EL1: EOI drops priority and deactivates
    WRITE_REGISTER(S3_0_C12_C12_7, 1);  // ICC_IGRPEN1_EL1
    ISB();
}

void interrupt_controller_init(void)
{
    distributor = arch_map_device(layout_board.intc_base, layout_board.intc_bytes);
    redistributor = arch_map_device(layout_board.intc_core_base, 2 * GICR_SGI_FRAME);
    uint32_t lines = ((read32(distributor, GICD_TYPER) & 0x1f) + 1) * 32;

    for (uint32_t intid = FIRST_SHARED; intid < lines; intid += 32)
        write32(distributor, GICD_ICENABLER + intid / 32 * 4, UINT32_MAX);
    write32(distributor, GICD_CTLR, GICD_CTLR_ENABLE_G1_ARE);
    wake_redistributor();
    write32(redistributor + GICR_SGI_FRAME, GICD_ICENABLER, UINT32_MAX);
    cpu_interface_init();
    arch_timer_set(NEVER);
    arch_interrupt_setup(timer_intid(), false);
    arch_interrupt_unmask(timer_intid());
}

void arch_interrupt_dispatch(struct core *core)
{
    // Every turn takes one interrupt, which is masked or disarmed afterwards: at most one turn per line.
    for (;;) {
        uint32_t intid = (uint32_t)READ_REGISTER(S3_0_C12_C12_0) & 0xffffff; // ICC_IAR1_EL1

        if (intid >= SPURIOUS)
            return;
        if (intid != timer_intid())
            arch_interrupt_mask(intid);
        else
            arch_timer_set(NEVER);
        WRITE_REGISTER(S3_0_C12_C12_1, intid); // ICC_EOIR1_EL1
        ISB();
        if (intid == timer_intid())
            timer_interrupt(core);
        else
            interrupt_deliver(intid);
    }
}
