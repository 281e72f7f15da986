// Guests. A guest is a component whose address space is a second stage of translation and whose threads are virtual
// CPUs: start, end, restart, fault state, priority, budget and core are those of any component. What the guest does that the
// machine does not do by itself is an exit: its thread calls its handler, as for a fault, and the answer resumes it.
//
// The hooks below are all that the rest of the kernel knows of guests; kernel/vm/none has them for an image without.
// A virtual CPU belongs to the home core of its component, so there is no lock.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <abi/guest.h>
#include <arch/cpu.h>
#include <arch_vm/vcpu.h>
#include <kernel/layout.h>

// The builder's, in the order of the guests' components, which come last among all, as their threads do.
struct layout_guest {
    uint32_t component;
    uint32_t mapping_first, mapping_count; // in layout_mappings[]: what it finds at which of its physical addresses
    uint64_t (*tables)[512];               // of the second stage, zeroed, the root first
    uint32_t table_count;
};

extern const struct layout_guest layout_guests[];
extern const uint32_t layout_guest_count;
extern struct vcpu vcpus[]; // [i] belongs to threads[layout_vcpu_first + i], and thread->fpu is its first member
extern const uint32_t layout_vcpu_first, layout_vcpu_count;
extern struct guest_core guest_cores[]; // by core

#define CALL_GUEST 8 // beside CALL_FAULT: a way that the fast paths do not know

static inline bool thread_is_guest(const struct thread *thread)
{
    return (uint64_t)thread - (uint64_t)&threads[layout_vcpu_first] < layout_vcpu_count * sizeof *thread;
}

static inline struct vcpu *vcpu_of(const struct thread *thread)
{
    return (struct vcpu *)thread->fpu;
}

// --- Hooks -----------------------------------------------------------------------------------

// On each core before its components start: panics if it cannot host guests, and makes the address spaces of its own.
void guest_core_init(struct core *core);

// Leaves for the guest; comes back by an exit, not to the caller.
NORETURN void guest_run(struct core *core, struct thread *thread);

static inline void guest_load(struct core *core, struct thread *thread)
{
    if (thread_is_guest(thread))
        guest_run(core, thread);
}

static inline uint8_t guest_call(const struct thread *thread)
{
    return thread_is_guest(thread) ? CALL_GUEST : 0;
}

// Further words of an exit's message: what a store stores; and the interrupt in the last answer if there was no room for it.
uint64_t guest_value(const struct thread *thread);
uint64_t guest_refused(struct thread *thread);

// The handler's answer to an exit is in `answer`; abi/guest.h says what it can be.
void guest_answer(struct thread *thread, const struct arch_frame *answer, uint64_t result);

// SYS_OBJECT_SET with SET_INTERRUPT.
enum status guest_set_interrupt(struct thread *thread, uint64_t what);

// This interrupt stays on: it is a guest's own affair, or tells of one, and has ended with the exit that it made.
static inline bool guest_interrupt(uint32_t intid);

// --- What an architecture owes -----------------------------------------------------------------

// Panics when this core cannot host guests.
void arch_guest_core_init(struct core *core);
// Makes an address space from its layout. Panics if the layout is wrong, which is the builder's bug.
void arch_guest_map(const struct layout_guest *guest);
// As after a reset; the first instruction is the thread's entry.
void arch_vcpu_reset(struct thread *thread);
// The virtual CPU has nothing to do, and goes on behind the instruction that says so when an interrupt comes.
void guest_halt(struct core *core, struct thread *thread);
// When its own timer will fire: in so many ns from now; NEVER.
nanos_t arch_vcpu_alarm(const struct vcpu *vcpu);
// Brings the timer's interrupt up to date; on the way into the guest.
void arch_vcpu_timer(struct core *core, struct vcpu *vcpu);
bool arch_vcpu_interrupt_pending(const struct vcpu *vcpu);
// Makes an interrupt pending (abi/guest.h: GUEST_INTERRUPT_*), or takes one back that is not taken yet. BUSY: no room.
enum status arch_vcpu_interrupt(struct vcpu *vcpu, uint64_t word, bool on);
// The answer's part that is about registers.
void arch_guest_answer(struct thread *thread, uint64_t result, uint64_t value, uint64_t address);
NORETURN void arch_guest_enter(struct core *core, struct thread *thread);

#include <arch_vm/guest.h>
