// Parts of the random test: what it chooses, how it compares, what it counts.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "../../kernel/arch/host/host.h"
#include "model.h"

#include <stdio.h>

// --- Random numbers: the same for the same seed everywhere ---
void random_seed(uint64_t seed);
uint64_t random_word(void);
uint64_t random_below(uint64_t limit);
bool one_in(unsigned n);

// --- choose.c: what the running thread does next ---
// Fills the registers of the kernel's and the model's thread alike, and returns the number of the system
// call.
uint64_t choose_call(unsigned thread);
// Writes some of its memory, in the kernel's machine and in the model.
void choose_memory_write(unsigned thread);
nanos_t choose_time(void);

// --- drive.c: a step of both ---
extern bool verbose;
extern uint64_t sequence_seed;
extern unsigned long step_number;
extern bool comes_again[THREADS];  // its call is not done yet: the next step of this thread goes on with it
extern bool in_syscall;            // the kernel carries out a call; interrupts may be raised now
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);  // if verbose
// The system call with what is in the thread's frame. `chosen`: its number, unless one comes again.
void drive_call(unsigned thread, uint64_t chosen);
void drive_fault(unsigned thread, enum fault_reason reason, uint64_t address, uint64_t detail);
// Both are at rest: the model learns what was the kernel's to choose, then they are compared.
void settle(void);
// After a step: what was restarted since these generations has nothing to go on with.
void forget_repeats(const uint64_t *generations);

// --- compare.c: the kernel is in the model's state, or the test ends with what differs ---
void compare(void);
void compare_all(void);  // also what changes seldom
__attribute__((noreturn, format(printf, 1, 2))) void differs(const char *format, ...);

// --- matrix.c: which call ended with which status ---
struct matrix {
    unsigned long calls[SYS_COUNT + 1][STATUS_COUNT];  // the last row: numbers that are no call
    unsigned long steps, sequences, ties, sleeps;
};
extern struct matrix *matrix;  // shared by the processes of a run
void matrix_count(uint64_t number, int status);
void matrix_print(void);
// Prints the pairs that should have been seen and were not. Returns their number.
unsigned matrix_missing(void);
unsigned matrix_percent_good(void);
unsigned long matrix_total(void);
