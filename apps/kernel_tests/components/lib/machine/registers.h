// System calls with every register chosen and every register seen.
// The first 12 of a row are those of a message, in its order; then come REGISTERS_SCRATCH that a message call
// gives back as 0, then those that every call keeps. A component that links these says so in component.yaml:
// `stack_extern: {registers_call: 144}`, which is the most that any architecture uses.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

#include <registers_arch.h>

#define REGISTERS_FIRST_SCRATCH 12
#define REGISTERS_FIRST_KEPT    (REGISTERS_FIRST_SCRATCH + REGISTERS_SCRATCH)

// Each loads the registers from `in`, makes the system call, and stores them to `out`. Where a register
// carries the number of the call, `in` has it: see registers_number().
void registers_call(const uint64_t in[REGISTERS], uint64_t out[REGISTERS]);
void registers_reply_wait(const uint64_t in[REGISTERS], uint64_t out[REGISTERS]);
void registers_yield(const uint64_t in[REGISTERS], uint64_t out[REGISTERS]);

// The same without a system call: half a million turns of a loop.
void registers_spin(const uint64_t in[REGISTERS], uint64_t out[REGISTERS]);

static inline void registers_number(uint64_t in[REGISTERS], unsigned number);
