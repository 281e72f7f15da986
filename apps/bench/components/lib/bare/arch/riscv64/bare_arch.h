// riscv64, see bare.h. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define WINDOW (1ull << 37)
#define BARE_LOOP 6  // mv, li, addi, bnez; li, j

#define BARE_LOST \
    "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "memory"

static inline void bare_calls(uint64_t info, uint64_t count)
{
    __asm__ volatile("1:\tmv a0, %[info]\n\tli t4, %[call]\n\tecall\n\taddi %[count], %[count], -1\n\tbnez %[count], 1b"
                     : [count] "+r"(count)
                     : [info] "r"(info), [call] "i"(SYS_CALL)
                     : BARE_LOST);
}

static inline void bare_serve(void)
{
    __asm__ volatile("li a0, 0\n\tli a1, 0\n1:\tli t4, %[reply_wait]\n\tecall\n\tj 1b" : : [reply_wait] "i"(SYS_REPLY_WAIT) : BARE_LOST);
}
