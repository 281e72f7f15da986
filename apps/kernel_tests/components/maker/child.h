// Components that a subject makes from its pool and throws away again.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "../supervise.h"

#include <child_code.h>
#include <machine.h>

#define CHILD_TEXT  0x400000
#define CHILD_DATA  0x600000  // child_code.S knows it too
#define CHILD_STACK 0x800000
#define CHILD_PAGE  4096
#define CHILD_BIT   (1ull << 40)
#define CHILD_BADGE 1  // of the capability to our endpoint that it may get

struct child {
    slot_t component, thread, text, data, stack;
};

// Everything but the start. False when something could not be made; what was made stays.
bool child_make(struct child *child);

// Sets where its thread begins, and the argument.
enum status child_set(const struct child *child, const uint8_t *code, uint64_t argument);

// Starts it, and waits until it has ended in one way or another.
void child_run(const struct child *child);
void child_wait(const struct child *child);

// Receives until something of that kind comes. Clients that are gone are noted on the way.
void receive_kind(unsigned kind, struct message *message);
extern uint64_t clients_gone;

// Does one system call in the child with these registers; returns what came back in them
struct child_registers {
    uint64_t x[12];  // in the order of a message, of which arguments are the first
};

struct child_registers child_invoke(const struct child *child, unsigned number,
                                    struct child_registers registers);

void child_destroy(const struct child *child);

// The subject in three parts.
void check_handlers(void);
void check_travel(void);
