// What the files of this folder share.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "../aarch64.h"
#include "../registers.h"

#include <vm/guest.h>

// From world.S.
NORETURN void guest_enter(struct vcpu *vcpu, struct thread *thread);
NORETURN void guest_enter_by_stub(struct vcpu *vcpu, struct thread *thread);
uint64_t guest_id_register(uint64_t index);
struct stub_setup {
    uint64_t kernel, root, tcr, vtcr; // where to keep its registers; EL2's tables, physical; register values
};
uint64_t guest_stub_init(const struct stub_setup *setup); // returns ICH_VTR_EL2
struct thread *guest_exit(struct thread *thread, uint64_t esr, uint64_t far, uint64_t hpfar, uint64_t kind);

// lists.c. Drops what the guest has ended. Returns an interrupt whose end the handler asked to hear of, or -1.
void lists_collect(struct core *core, struct vcpu *vcpu);
int64_t lists_take_ended(struct vcpu *vcpu);
uint64_t *lists_find_free(struct vcpu *vcpu); // NULL: there is no room

// stage2.c
uint64_t guest_stub_tables(void); // EL2's own, physical
