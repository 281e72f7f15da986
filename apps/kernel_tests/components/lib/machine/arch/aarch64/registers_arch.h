// x0 to x28; x29 and x30 hold the frame. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define REGISTERS         29
#define REGISTERS_SCRATCH 7  // x12 to x18

// The number is part of the instruction.
static inline void registers_number(uint64_t in[REGISTERS], unsigned number)
{
    (void)in;
    (void)number;
}
