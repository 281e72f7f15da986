// Interrupt controller of the fake machine: a line interrupts while its device asks and it is not masked. An
// edge is taken once; a level stays raised until the test lowers it. SPDX-License-Identifier: BSD-2-Clause
#include "host.h"

#include <arch/boot.h>
#include <arch/cpu.h>
#include <kernel/interrupt.h>
#include <kernel/mailbox.h>
#include <kernel/timer.h>

void arch_devices_init(void)
{
    arch_timer_set(NEVER);
}

void arch_core_devices_init(struct core *core)
{
    (void)core;
}

// A test makes it run, by host_start_core().
bool arch_core_start(struct core *core)
{
    return core->hardware_id != HOST_NO_CORE;
}

void arch_core_kick(struct core *core)
{
    core->arch.kicked = true;
}

void arch_interrupt_setup(uint32_t intid, bool edge, struct core *core)
{
    host.target[intid] = core;
    host.edge[intid] = edge;
    host.enabled[intid] = false;
}

void arch_interrupt_mask(uint32_t intid)
{
    host.enabled[intid] = false;
}

void arch_interrupt_unmask(uint32_t intid)
{
    host.enabled[intid] = true;
}

void host_raise(uint32_t line)
{
    host.raised[line] = true;
}

static bool timer_is_due(void)
{
    return host.timer != NEVER && host.timer <= host.now;
}

static uint32_t waiting_line(void)
{
    uint32_t line = 0;

    while (line < ARCH_INTERRUPTS && !(host.raised[line] && host.enabled[line] && host.target[line] == arch_core()))
        line++;
    return line;
}

static bool interrupt_waits(void)
{
    return arch_core()->arch.kicked || timer_is_due() || waiting_line() < ARCH_INTERRUPTS;
}

bool host_interrupt_pending(void)
{
    if (host.on_poll)
        host.on_poll();
    return interrupt_waits();
}

static void take_line(uint32_t line)
{
    arch_interrupt_mask(line);
    if (host.edge[line])
        host.raised[line] = false;
    if (host.on_interrupt)
        host.on_interrupt(line);
    interrupt_deliver(line);
}

void arch_interrupt_dispatch(struct core *core)
{
    while (interrupt_waits()) {
        if (core->arch.kicked) {
            core->arch.kicked = false;
            mailbox_open(core);
        } else if (timer_is_due()) {
            arch_timer_set(NEVER);
            if (host.on_timer)
                host.on_timer();
            timer_interrupt(core);
        } else {
            take_line(waiting_line());
        }
    }
}

void arch_wait_for_interrupt(void)
{
    if (interrupt_waits())
        return;
    if (host.on_idle) {
        host.on_idle();
        return;
    }
    if (host.timer == NEVER)
        host_escape(HOST_IDLE);
    host.now = host.timer;
}
