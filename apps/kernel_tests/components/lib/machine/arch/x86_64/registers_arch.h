// rdi rsi rdx r10 r8 r9 rbx rbp r12 to r15; rax. A message takes all there are but rsp, and the processor itself takes rcx and
// r11. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define REGISTERS         13
#define REGISTERS_SCRATCH 1  // rax

// rax carries the number.
static inline void registers_number(uint64_t in[REGISTERS], unsigned number)
{
    in[12] = number;
}
