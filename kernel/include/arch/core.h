// What an architecture keeps for each core, and owes for several of them.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/base.h>

struct core;
struct thread;

// The part of struct core that is the architecture's own.
struct arch_core;

// Starts another core of the machine; it enters kernel_start_core(). False: the machine has none with this hardware id.
MUST_CHECK bool arch_core_start(struct core *core);

// An interrupt on that core, soon: its arch_interrupt_dispatch() then opens its mailbox.
void arch_core_kick(struct core *core);

// Interrupt controller and timer of the core this runs on, which is not the one that booted.
void arch_core_devices_init(struct core *core);

// A hint that the core waits for another in a short loop.
static inline void arch_core_relax(void);

#include <arch_impl/core.h> // and ARCH_INTERRUPTS: how many interrupt lines the controller numbers
