// GICv3: distributor, this core's redistributor, CPU interface by system registers (Arm IHI 0069).
// One priority, group 1, no LPIs. The timer's interrupt is handled here, all others are objects.
// SPDX-License-Identifier: BSD-2-Clause
#include "aarch64.h"

#include <arch/cpu.h>
#include <arch/mmu.h>
#include <kernel/interrupt.h>
#include <kernel/layout.h>
#include <kernel/mailbox.h>
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

#define GICR_TYPER 0x0008
#define GICR_WAKER 0x0014
#define GICR_SGI_FRAME 0x10000
#define GICR_STRIDE 0x20000
#define GICR_WAKER_SLEEP (1u << 1)
#define GICR_WAKER_ASLEEP (1u << 2)

#define KICK 0 // the software-generated interrupt between cores
#define FIRST_SHARED 32
#define SPURIOUS 1020
#define PRIORITY 0xa0
#define SPINS_MAX 1000000

static volatile char *distributor;

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
    return intid < FIRST_SHARED ? arch_core()->arch.private_interrupts : distributor;
}

void arch_interrupt_mask(uint32_t intid)
{
    write32(frame_of(intid), GICD_ICENABLER + intid / 32 * 4, 1u << intid % 32);
}

void arch_interrupt_unmask(uint32_t intid)
{
    write32(frame_of(intid), GICD_ISENABLER + intid / 32 * 4, 1u << intid % 32);
}

void arch_interrupt_setup(uint32_t intid, bool edge, struct core *core)
{
    volatile char *frame = frame_of(intid);
    uint32_t group = read32(frame, GICD_IGROUPR + intid / 32 * 4);
    uint32_t config = read32(frame, GICD_ICFGR + intid / 16 * 4);
    uint32_t edge_bit = 2u << intid % 16 * 2;

    arch_interrupt_mask(intid);
    write32(frame, GICD_IGROUPR + intid / 32 * 4, group | 1u << intid % 32);
    write32(frame, GICD_ICFGR + intid / 16 * 4, edge ? config | edge_bit : config & ~edge_bit);
    frame[GICD_IPRIORITYR + intid] = (char)PRIORITY;
    if (intid >= FIRST_SHARED)
        *(volatile uint64_t *)(distributor + GICD_IROUTER + intid * 8ull) = core->hardware_id;
}

// Affinity as in GICR_TYPER and ICC_SGI1R_EL1: its four fields next to each other.
static uint32_t packed_affinity(const struct core *core)
{
    return (uint32_t)(core->hardware_id >> 32 << 24 | (core->hardware_id & 0xffffff));
}

// Maps the frame with this number if it is the core's. The one with the core's own number nearly always is.
static bool take_redistributor(struct core *core, uint64_t number)
{
    paddr_t base = layout_board.intc_core_base + number * GICR_STRIDE;
    volatile char *control;

    if ((number + 1) * GICR_STRIDE > layout_board.intc_core_bytes)
        return false;
    control = arch_map_device(base, PAGE_SIZE);
    if (control == NULL || read32(control, GICR_TYPER + 4) != packed_affinity(core))
        return false;
    core->arch.redistributor = control;
    core->arch.private_interrupts = arch_map_device(base + GICR_SGI_FRAME, PAGE_SIZE);
    return core->arch.private_interrupts != NULL;
}

bool find_redistributor(struct core *core)
{
    bool found = take_redistributor(core, core->index);

    for (uint64_t number = 0; !found && number < layout_core_id_count; number++)
        found = take_redistributor(core, number);
    return found;
}

static void wake_redistributor(void)
{
    volatile char *redistributor = arch_core()->arch.redistributor;

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

void arch_core_devices_init(struct core *core)
{
    wake_redistributor();
    write32(core->arch.private_interrupts, GICD_ICENABLER, UINT32_MAX);
    cpu_interface_init();
    arch_timer_set(NEVER);
    arch_interrupt_setup(timer_intid(), false, core);
    arch_interrupt_unmask(timer_intid());
    arch_interrupt_setup(KICK, true, core);
    arch_interrupt_unmask(KICK);
}

void interrupt_controller_init(struct core *core)
{
    distributor = arch_map_device(layout_board.intc_base, layout_board.intc_bytes);
    if (!find_redistributor(core))
        panic("the interrupt controller has no redistributor for this core");
    uint32_t lines = ((read32(distributor, GICD_TYPER) & 0x1f) + 1) * 32;

    for (uint32_t intid = FIRST_SHARED; intid < lines; intid += 32)
        write32(distributor, GICD_ICENABLER + intid / 32 * 4, UINT32_MAX);
    write32(distributor, GICD_CTLR, GICD_CTLR_ENABLE_G1_ARE);
    arch_core_devices_init(core);
}

// ICC_SGI1R_EL1: one core, by its affinity (Arm IHI 0069, 12.2.21).
void arch_core_kick(struct core *core)
{
    uint64_t id = core->hardware_id, affinity0 = id & 0xff;

    __asm__ volatile("dsb ishst" : : : "memory"); // what is sent before the interrupt that tells of it
    WRITE_REGISTER(S3_0_C12_C11_5, (id >> 32 & 0xff) << 48 | affinity0 / 16 << 44 | (id >> 16 & 0xff) << 32 |
                                       (uint64_t)KICK << 24 | (id >> 8 & 0xff) << 16 | 1ull << affinity0 % 16);
    ISB();
}

// Private interrupts are edges or masked like the others; the kick is acknowledged before the mailbox is opened, so that
// one for later mail is not lost.
static void take(struct core *core, uint32_t intid)
{
    if (intid == timer_intid())
        arch_timer_set(NEVER);
    else if (intid != KICK && !guest_interrupt(intid))
        arch_interrupt_mask(intid);
    WRITE_REGISTER(S3_0_C12_C12_1, intid); // ICC_EOIR1_EL1
    ISB();
    if (intid == timer_intid())
        timer_interrupt(core);
    else if (intid == KICK)
        mailbox_open(core);
    else
        interrupt_deliver(intid);
}

void arch_interrupt_dispatch(struct core *core)
{
    // Every turn takes one interrupt, which is masked or disarmed afterwards: at most one turn per line.
    for (;;) {
        uint32_t intid = (uint32_t)READ_REGISTER(S3_0_C12_C12_0) & 0xffffff; // ICC_IAR1_EL1

        if (intid >= SPURIOUS)
            return;
        take(core, intid);
    }
}
