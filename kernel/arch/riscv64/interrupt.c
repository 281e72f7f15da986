// PLIC, supervisor context of the boot hart (RISC-V PLIC specification 1.0). A source is masked by priority 0: its enable
// bit stays, since the completion of a source that is not enabled is ignored.
// SPDX-License-Identifier: BSD-2-Clause
#include "riscv64.h"

#include <arch/cpu.h>
#include <arch/interrupt.h>
#include <arch/mmu.h>
#include <kernel/interrupt.h>
#include <kernel/layout.h>
#include <kernel/timer.h>

#define PLIC_PRIORITY 0x0
#define PLIC_ENABLE 0x2000
#define PLIC_ENABLE_STRIDE 0x80
#define PLIC_CONTEXT 0x200000
#define PLIC_CONTEXT_STRIDE 0x1000
#define PLIC_CLAIM 4

// Machine and supervisor contexts alternate on the boards we know.
#define CONTEXT_OF(hart) (2 * (hart) + 1)

static volatile char *priorities, *enables, *claims;

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

// Level or edge is the gateway's business, fixed by the hardware.
void arch_interrupt_setup(uint32_t source, bool edge)
{
    uint64_t offset = source / 32 * 4;

    (void)edge;
    arch_interrupt_mask(source);
    write32(enables, offset, read32(enables, offset) | 1u << source % 32);
}

void interrupt_controller_init(uint64_t hart)
{
    uint64_t context = CONTEXT_OF(hart), base = layout_board.intc_base;

    priorities = arch_map_device(base + PLIC_PRIORITY, 0x1000);
    enables = arch_map_device(base + PLIC_ENABLE + context * PLIC_ENABLE_STRIDE, PLIC_ENABLE_STRIDE);
    claims = arch_map_device(base + PLIC_CONTEXT + context * PLIC_CONTEXT_STRIDE, PLIC_CONTEXT_STRIDE);
    for (unsigned i = 0; i < PLIC_ENABLE_STRIDE; i += 4)
        write32(enables, i, 0);
    write32(claims, 0, 0); // threshold: every priority above 0
    arch_timer_set(NEVER);
    WRITE_REGISTER(sie, SIE_TIMER | SIE_EXTERNAL);
}

static void take_external(void)
{
    // Each turn takes one source, which is masked before it is completed: at most one turn per source.
    for (;;) {
        uint32_t source = read32(claims, PLIC_CLAIM);

        if (source == 0)
            return;
        arch_interrupt_mask(source);
        write32(claims, PLIC_CLAIM, source);
        interrupt_deliver(source);
    }
}

void arch_interrupt_dispatch(struct core *core)
{
    uint64_t pending = READ_REGISTER(sip);

    if (pending & SIE_EXTERNAL)
        take_external();
    if (pending & SIE_TIMER) {
        arch_timer_set(NEVER);
        timer_interrupt(core);
    }
}
