// aarch64, see bare.h. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define WINDOW (1ull << 38)
#define BARE_LOOP 4  // mov, subs, b.ne; b

#define BARE_LOST \
    "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18", \
        "memory", "cc"

static inline void bare_calls(uint64_t info, uint64_t count)
{
    __asm__ volatile("1:\tmov x0, %[info]\n\tsvc %[call]\n\tsubs %[count], %[count], #1\n\tb.ne 1b"
                     : [count] "+r"(count)
                     : [info] "r"(info), [call] "i"(SYS_CALL)
                     : BARE_LOST);
}

static inline void bare_serve(void)
{
    __asm__ volatile("mov x0, #0\n\tmov x1, #0\n1:\tsvc %[reply_wait]\n\tb 1b" : : [reply_wait] "i"(SYS_REPLY_WAIT) : BARE_LOST);
}
