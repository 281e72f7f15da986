// PLIC, supervisor context of each hart (RISC-V PLIC specification 1.0). A source is masked by priority 0: its enable
// bit stays, since the completion of a source that is not enabled is ignored.
// SPDX-License-Identifier: BSD-2-Clause
#include "riscv64.h"

#include <arch/core.h>
#include <arch/cpu.h>
#include <arch/mmu.h>
#include <kernel/interrupt.h>
#include <kernel/layout.h>
#include <kernel/mailbox.h>
#include <kernel/timer.h>

#define PLIC_PRIORITY 0x0
#define PLIC_ENABLE 0x2000
#define PLIC_ENABLE_STRIDE 0x80
#define PLIC_CONTEXT 0x200000
#define PLIC_CONTEXT_STRIDE 0x1000
#define PLIC_CLAIM 4

// Machine and supervisor contexts alternate on the boards we know.
#define CONTEXT_OF(hart) (2 * (hart) + 1)

static volatile char *priorities, *enables; // enables: of context 0, the others behind it

static void write32(volatile char *base, uint64_t offset, uint32_t value)
{
    *(volatile uint32_t *)(base + offset) = value;
}

static uint32_t read32(volatile char *base, uint64_t offset)
{
    return *(volatile uint32_t *)(base + offset);
}

void arch_interrupt_mask(uint32_t source)
{
    write32(priorities, source * 4, 0);
}

void arch_interrupt_unmask(uint32_t source)
{
    write32(priorities, source * 4, 1);
}

static void enable_sources(const struct core *core, uint32_t word)
{
    write32(enables, CONTEXT_OF(core->hardware_id) * PLIC_ENABLE_STRIDE + word * 4, core->arch.sources[word]);
}

// Level or edge is the gateway's business, fixed by the hardware.
void arch_interrupt_setup(uint32_t source, bool edge, struct core *core)
{
    arch_interrupt_mask(source);
    core->arch.sources[source / 32] |= 1u << source % 32;
    enable_sources(core, source / 32);
}

void arch_core_devices_init(struct core *core)
{
    for (uint32_t word = 0; word < ARCH_INTERRUPTS / 32; word++)
        enable_sources(core, word); // again: firmware that starts a hart clears them
    write32(core->arch.claims, 0, 0); // threshold: every priority above 0
    arch_timer_set(NEVER);
    WRITE_REGISTER(sie, SIE_SOFTWARE | SIE_TIMER | SIE_EXTERNAL);
}

static bool map_claims(struct core *core)
{
    uint64_t context = CONTEXT_OF(core->hardware_id);

    core->arch.claims = arch_map_device(layout_board.intc_base + PLIC_CONTEXT + context * PLIC_CONTEXT_STRIDE,
                                        PLIC_CONTEXT_STRIDE);
    return core->arch.claims != NULL;
}

void interrupt_controller_init(struct core *core)
{
    uint64_t base = layout_board.intc_base, last = core->hardware_id;

    for (uint32_t i = 0; i < layout_core_id_count; i++)
        last = layout_core_ids[i] > last ? layout_core_ids[i] : last;
    uint64_t bytes = (CONTEXT_OF(last) + 1) * PLIC_ENABLE_STRIDE;

    priorities = arch_map_device(base + PLIC_PRIORITY, 0x1000);
    enables = arch_map_device(base + PLIC_ENABLE, bytes);
    if (enables == NULL || !map_claims(core))
        panic("the board has more cores than this kernel maps registers for");
    arch_core_devices_init(core);
}

// Hart state management (RISC-V SBI 1.0, chapter 9).
bool arch_core_start(struct core *core)
{
    return map_claims(core) && sbi_call(SBI_HART, 0, core->hardware_id, arch_image_physical(secondary_start),
                                        (uint64_t)core).error == 0;
}

// One hart: a mask that begins at it (RISC-V SBI 1.0, chapter 7).
void arch_core_kick(struct core *core)
{
    __asm__ volatile("fence rw, rw" : : : "memory"); // what is sent before the interrupt that tells of it
    sbi_call(SBI_IPI, 0, 1, core->hardware_id, 0);
}

static void take_external(struct core *core)
{
    // Each turn takes one source, which is masked before it is completed: at most one turn per source.
    for (;;) {
        uint32_t source = read32(core->arch.claims, PLIC_CLAIM);

        if (source == 0)
            return;
        arch_interrupt_mask(source);
        write32(core->arch.claims, PLIC_CLAIM, source);
        interrupt_deliver(source);
    }
}

void arch_interrupt_dispatch(struct core *core)
{
    uint64_t pending = READ_REGISTER(sip);

    if (pending & SIE_SOFTWARE) {
        CLEAR_BITS(sip, SIE_SOFTWARE); // before the mailbox is opened, so that a kick for later mail is not lost
        __asm__ volatile("fence iorw, iorw" : : : "memory");
        mailbox_open(core);
    }
    if (pending & SIE_EXTERNAL)
        take_external(core);
    if (pending & SIE_TIMER) {
        arch_timer_set(NEVER);
        timer_interrupt(core);
    }
}
