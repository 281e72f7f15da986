// What the parts of the VMM share. Each exit of a virtual CPU comes in as a message; one of the parts turns it into the answer.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/guest.h>
#include <config.h>
#include <tenon/syscall.h>

// Words of an exit, and of a call.
enum { EXIT_REASON, EXIT_ADDRESS, EXIT_PC, EXIT_DETAIL, EXIT_VALUE, EXIT_REFUSED = MESSAGE_WORDS - 1 };
enum { CALL_X0 = 2, CALL_X1, CALL_X2, CALL_X3 };

// The guest's access to registers of a device, `offset` bytes into them.
struct access {
    uint64_t offset;
    unsigned width; // bytes
    bool write;
    uint64_t value; // of a write; of a read: the answer
};

// What happens to a virtual CPU after its exit.
enum outcome {
    OUTCOME_DONE,   // the answer's value is the instruction's
    OUTCOME_STRANGE, // it is undefined, for the guest
    OUTCOME_WAIT,   // no answer yet
    OUTCOME_END,    // the guest is over: stopped or on its way to a new start
};

slot_t vcpu_slot(unsigned vcpu);

// --- load.c: puts kernel, first file system and device tree into the guest's memory. False: no random seed is to be had.
bool load_guest(void);

// --- gic.c
void gic_reset(void);
void gic_access_distributor(struct access *access);
void gic_access_redistributor(unsigned vcpu, struct access *access);
void gic_set_level(unsigned line, bool high); // of a shared interrupt
void gic_send(unsigned from, uint64_t value); // a write of ICC_SGI1R_EL1
void gic_ended(unsigned vcpu, unsigned number);
void gic_refused(unsigned vcpu, uint64_t word);
void gic_forget(unsigned vcpu);  // nothing is with the virtual CPU: it starts as after a reset
void gic_deliver(unsigned vcpu); // what is pending, as far as there is room

// --- uart.c
void uart_reset(void);
void uart_access(struct access *access);

// --- psci.c
enum outcome psci_call(unsigned vcpu, const struct message *exit, uint64_t *result);
void vcpu_reset_all(void);
void vcpu_begins(unsigned vcpu, token_t token);
// Goes on from there, as after a reset.
bool vcpu_start(unsigned vcpu, uint64_t pc, uint64_t argument);
unsigned vcpu_count_on(void);

// --- system_registers.c: a trapped MSR or MRS.
enum outcome system_register(unsigned vcpu, uint64_t syndrome, uint64_t *value);
