// aarch64: what is kept of a virtual CPU besides its thread's frame. world.S knows the offsets.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <arch/frame.h>
#include <arch_vm/world.h>
#include <kernel/object.h>

struct vcpu {
    struct arch_fpu fpu;                     // must be first
    uint64_t registers[WORLD_EL1_REGISTERS]; // in the order of world.S, as what follows: WORLD_*
    uint64_t active_priorities[2];           // of virtual interrupts
    uint64_t lists[4];
    uint64_t timer_control, timer_compare;
    uint64_t vttbr, vmpidr;                  // what the registers of EL2 are while it runs
    uint64_t hcr, cptr;
    uint64_t lists_control;                  // ICH_HCR_EL2
    struct core *core;
    uint64_t *kernel;                        // of that core, below
    uint64_t timer;                          // the interrupt its timer raises, as in abi/guest.h; 0: none
    uint64_t refused;                        // the interrupt of the last answer that found no room; 0: none
    uint64_t generation;                     // of its component, when it was reset last
    bool starved;                            // an interrupt found no room since the handler was told that there is some
    struct sched_context sleep;              // see vm/guest.c
};
_Static_assert(offsetof(struct vcpu, registers) == VCPU_REGISTERS && offsetof(struct vcpu, vttbr) == VCPU_VTTBR &&
                   offsetof(struct vcpu, hcr) == VCPU_HCR && offsetof(struct vcpu, lists_control) == VCPU_LISTS_CONTROL &&
                   offsetof(struct vcpu, core) == VCPU_CORE && offsetof(struct vcpu, kernel) == VCPU_KERNEL,
               "world.S");

struct guest_core {
    uint64_t kernel[WORLD_KERNEL_REGISTERS]; // without VHE: the kernel's own, which a guest's take the place of
    bool timer_blocked;                   // the virtual timer's interrupt is marked active, so that it does not come
};
