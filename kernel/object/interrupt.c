// Interrupt: one line, delivered as notification bits to its owner's thread. A driver asks for it first by an
// acknowledgement, so an interrupt that nobody serves stays masked and cannot storm.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/interrupt.h>

#include <arch/cpu.h>
#include <kernel/layout.h>
#include <kernel/notification.h>

static struct interrupt *by_intid[ARCH_INTERRUPTS];

void interrupts_init(void)
{
    for (uint32_t i = 0; i < interrupt_count; i++) {
        struct interrupt *interrupt = &interrupts[i];

        by_intid[interrupt->intid] = interrupt; // the builder knows the board's range
        arch_interrupt_setup(interrupt->intid, interrupt->edge, interrupt->notification->receiver->component->core);
    }
}

void interrupt_deliver(uint32_t intid)
{
    struct interrupt *interrupt = intid < ARCH_INTERRUPTS ? by_intid[intid] : NULL;

    if (interrupt)
        notification_signal(interrupt->notification, interrupt->bits);
}

void interrupt_acknowledge(struct interrupt *interrupt)
{
    arch_interrupt_unmask(interrupt->intid);
}

void interrupt_quiesce(struct interrupt *interrupt)
{
    arch_interrupt_mask(interrupt->intid);
}
