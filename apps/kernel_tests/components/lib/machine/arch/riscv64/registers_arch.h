// a0 to a7, t0 to t3; t4 to t6; s1 to s11, gp, tp. s0 and ra hold the frame. SPDX-License-Identifier:
// BSD-2-Clause
#pragma once

#define REGISTERS         28
#define REGISTERS_SCRATCH 3  // t4 to t6

// t4 carries the number.
static inline void registers_number(uint64_t in[REGISTERS], unsigned number)
{
    in[12] = number;
}
