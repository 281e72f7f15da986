// What passes between a guest, the kernel and the component that handles its exits. docs/guests.md explains it.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <abi/syscall.h>

// A virtual CPU begins here, where nothing is ever mapped: so its first exit is an instruction abort at this address, and its
// handler says where it goes on. Interrupts masked, translation off, registers zero.
#define GUEST_ENTRY 0x7ffffff000
#define GUEST_RAM 0x40000000 // where its memory begins, for it

// An exit is a message of KIND_FAULT; badge: the number of the virtual CPU. Words: reason, address, pc, detail, value, and as the
// last the interrupt of the last answer when there was no room for it (else 0).
//   FAULT_READ, FAULT_WRITE   address: physical, of the guest; detail: syndrome; value: what was to be stored
//   FAULT_EXECUTE             address: the same
//   FAULT_FOREIGN_CALL        hypercall or SMC: words 1 to 7 are registers 8 and 0 to 5
//   FAULT_INSTRUCTION         detail: syndrome; address: what a system register was to become, or the machine's own value of an
//                             identification register
//   FAULT_BUS                 the memory system refused
//   FAULT_OTHER               detail: GUEST_ENDED, address: an interrupt with GUEST_INTERRUPT_END that the guest has ended;
//                             GUEST_ROOM: one that found no room can be set now
#define GUEST_ENDED 1
#define GUEST_ROOM 2

// The answer's label, besides FAULT_REPLY_RESUME (as the frame is; pc too) and FAULT_REPLY_STOP. Word 1 of each: an interrupt to set, or 0.
//   FAULT_REPLY_RESULT        the instruction is done; word 0: what it loads, or returns
#define FAULT_REPLY_EXCEPTION 3 // it takes an exception to its kernel; word 0: the syndrome, word 2: the fault's address
#define FAULT_REPLY_RESET 4     // it is as after a reset, but for its general registers and pc; what is pending is gone

// SYS_OBJECT_SET on a virtual CPU, of the caller's core: (thread slot, SET_INTERRUPT, interrupt, 1 set, 0 take back). BUSY: no room.
#define SET_INTERRUPT OBJECT_SETS

// An interrupt: GUEST_INTERRUPT, number in bits 0 to 9, priority in bits 16 to 23.
#define GUEST_INTERRUPT_NUMBER 0x3ffull
#define GUEST_INTERRUPT_PRIORITY_SHIFT 16
#define GUEST_INTERRUPT_END (1ull << 24)   // an exit tells when the guest has ended it: for levels that may be high still
#define GUEST_INTERRUPT_TIMER (1ull << 25) // what its timer raises from now on (set), or that it raises none (take back)
#define GUEST_INTERRUPT (1ull << 26)       // it is one
#define GUEST_INTERRUPT_FLAGS (GUEST_INTERRUPT_END | GUEST_INTERRUPT_TIMER)
