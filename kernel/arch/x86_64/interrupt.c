// I/O APIC (Intel 82093AA) and the local APIC of each core, xAPIC (AMD APM 2, 16.3). One vector for each line, masked at the
// I/O APIC when it is taken.
//
// The processor tells which vector it takes only by taking it. So in the kernel, where interrupts are off, those that wait
// are let in for one instruction, are noted (entry.S), and handled here; each is at an end for the local APIC when it is.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"
#include "x86_64.h"

#include <arch/core.h>
#include <arch/cpu.h>
#include <arch/mmu.h>
#include <arch/ports.h>
#include <kernel/interrupt.h>
#include <kernel/layout.h>
#include <kernel/mailbox.h>
#include <kernel/timer.h>

#define IOAPIC_WINDOW 0x10
#define IOAPIC_VERSION 1
#define IOAPIC_LINE 0x10 // two registers each
#define LINE_MASKED (1u << 16)
#define LINE_LEVEL (1u << 15)

#define APIC_ID 0x20
#define APIC_TASK_PRIORITY 0x80
#define APIC_EOI 0xb0
#define APIC_SPURIOUS 0xf0
#define APIC_COMMAND 0x300
#define APIC_COMMAND_TARGET 0x310
#define APIC_TIMER 0x320
#define APIC_LINT0 0x350
#define APIC_LINT1 0x360
#define APIC_ENABLED (1u << 8)
#define APIC_MASKED (1u << 16)
#define COMMAND_PENDING (1u << 12)
#define COMMAND_INIT 0x4500 // asserted
#define COMMAND_START 0x4600
#define SPINS_MAX 1000000
#define START_TIME 1000000000ull // ns for another core to arrive

#define PIC_DATA_1 0x21
#define PIC_DATA_2 0xa1

static volatile char *ioapic, *local_apic;
static uint32_t lines;

uint32_t local_apic_read(uint32_t offset)
{
    return *(volatile uint32_t *)(local_apic + offset);
}

void local_apic_write(uint32_t offset, uint32_t value)
{
    *(volatile uint32_t *)(local_apic + offset) = value;
}

static volatile uint32_t *ioapic_register(uint32_t number)
{
    *(volatile uint32_t *)ioapic = number;
    return (volatile uint32_t *)(ioapic + IOAPIC_WINDOW);
}

// --- Lines -----------------------------------------------------------------------------------

// The lock of the two steps by which a register is reached. Held for those only.
static bool busy; // atomic

static void update_line(uint32_t line, uint32_t keep, uint32_t set)
{
    if (line >= lines)
        return;
    while (__atomic_exchange_n(&busy, true, __ATOMIC_ACQUIRE))
        arch_core_relax();
    volatile uint32_t *entry = ioapic_register(IOAPIC_LINE + 2 * line);

    *entry = (*entry & keep) | set;
    __atomic_store_n(&busy, false, __ATOMIC_RELEASE);
}

void arch_interrupt_mask(uint32_t line)
{
    update_line(line, ~0u, LINE_MASKED);
}

void arch_interrupt_unmask(uint32_t line)
{
    update_line(line, ~LINE_MASKED, 0);
}

void arch_interrupt_setup(uint32_t line, bool edge, struct core *core)
{
    if (line >= lines)
        panic("the board has no interrupt %u", line);
    *ioapic_register(IOAPIC_LINE + 2 * line + 1) = (uint32_t)core->hardware_id << 24;
    update_line(line, 0, LINE_MASKED | (edge ? 0 : LINE_LEVEL) | (VECTOR_FIRST + line));
}

// --- Cores -----------------------------------------------------------------------------------

void arch_core_devices_init(struct core *core)
{
    local_apic_write(APIC_TASK_PRIORITY, 0);
    local_apic_write(APIC_LINT0, APIC_MASKED);
    local_apic_write(APIC_LINT1, APIC_MASKED);
    local_apic_write(APIC_TIMER, VECTOR_TIMER); // one shot
    local_apic_write(APIC_SPURIOUS, APIC_ENABLED | VECTOR_SPURIOUS);
    arch_timer_set(NEVER);
}

void interrupt_controller_init(struct core *core)
{
    port_out(PIC_DATA_1, 1, 0xff); // the old controllers stay silent
    port_out(PIC_DATA_2, 1, 0xff);
    ioapic = arch_map_device(layout_board.intc_base, PAGE_SIZE);
    local_apic = arch_map_device(layout_board.intc_core_base, PAGE_SIZE);
    lines = (*ioapic_register(IOAPIC_VERSION) >> 16 & 0xff) + 1;
    if (lines > ARCH_INTERRUPTS)
        lines = ARCH_INTERRUPTS;
    for (uint32_t line = 0; line < lines; line++)
        update_line(line, 0, LINE_MASKED);
    core->hardware_id = local_apic_read(APIC_ID) >> 24;
}

static void command(const struct core *core, uint32_t what)
{
    for (unsigned i = 0; i < SPINS_MAX && (local_apic_read(APIC_COMMAND) & COMMAND_PENDING); i++)
        arch_core_relax();
    local_apic_write(APIC_COMMAND_TARGET, (uint32_t)core->hardware_id << 24);
    local_apic_write(APIC_COMMAND, what);
}

void arch_core_kick(struct core *core)
{
    command(core, VECTOR_KICK); // a store to uncached memory is after all before it
}

// INIT, then where to begin, twice (Intel SDM 3A, 9.4.4.1). One core at a time, since they share the trampoline.
bool arch_core_start(struct core *core)
{
    if (trampoline_page == NULL)
        return false;
    __builtin_memcpy(trampoline_page, trampoline, (uint64_t)(trampoline_end - trampoline));
    *(uint32_t *)(trampoline_page + (trampoline_core - trampoline)) = (uint32_t)(uint64_t)core;
    command(core, COMMAND_INIT);
    for (unsigned i = 0; i < 2; i++)
        command(core, COMMAND_START | TRAMPOLINE_PAGE >> PAGE_BITS);
    for (nanos_t end = arch_clock() + START_TIME; arch_clock() < end;) {
        if (__atomic_load_n(&core->arch.started, __ATOMIC_ACQUIRE))
            return true;
        arch_core_relax(); // an emulator with one thread for all cores goes to the next
    }
    return false;
}

// --- Taking ----------------------------------------------------------------------------------

uint64_t *interrupts_noted(struct core *core)
{
    uint64_t *words = core->arch.pending;

    for (unsigned i = 4; i-- > 0;) {
        if (words[i])
            return &words[i];
    }
    return NULL;
}

bool x86_64_interrupt_pending(void)
{
    __asm__ volatile("sti\n\tnop\n\tcli" : : : "memory");
    return interrupts_noted(arch_core());
}

static void take(struct core *core, unsigned vector)
{
    if (vector == VECTOR_SPURIOUS)
        return;
    if (vector < VECTOR_TIMER)
        arch_interrupt_mask(vector - VECTOR_FIRST);
    local_apic_write(APIC_EOI, 0);
    if (vector == VECTOR_TIMER)
        timer_interrupt(core);
    else if (vector == VECTOR_KICK)
        mailbox_open(core);
    else if (vector < VECTOR_TIMER)
        interrupt_deliver(vector - VECTOR_FIRST);
}

// The highest first: it is the one whose end the local APIC is told next.
void arch_interrupt_dispatch(struct core *core)
{
    do {
        for (uint64_t *word; (word = interrupts_noted(core));) {
            unsigned bit = 63 - (unsigned)__builtin_clzll(*word);

            *word &= ~(1ull << bit);
            take(core, (unsigned)(word - core->arch.pending) * 64 + bit);
        }
    } while (x86_64_interrupt_pending());
}

void arch_wait_for_interrupt(void)
{
    if (!interrupts_noted(arch_core()))
        __asm__ volatile("sti\n\thlt\n\tcli" : : : "memory"); // nothing comes between the first two
}
