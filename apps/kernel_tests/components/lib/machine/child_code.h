// What a made component runs, at whatever address. Each piece gets the argument of its thread.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

#include <child_code_arch.h>

extern const uint8_t code_start[];
// The system call of that number: its registers, in the order of a message, come from CHILD_DATA and go back
// there; then it exits.
extern const uint8_t code_invoke[];
extern const uint8_t code_read[];  // reads the word at the argument and exits with it
// Writes the argument to CHILD_DATA, reads its stack, exits with what was there.
extern const uint8_t code_write[];
extern const uint8_t code_spin[];
// Foreign system calls: number 0x40 with the arguments 10 to 15, then one whose number is the result of the
// first. Meanwhile the register CHILD_MARKED holds CHILD_MARK.
extern const uint8_t code_foreign[];
extern const uint8_t code_end[];

#define CHILD_MARK 0x27
