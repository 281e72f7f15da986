// System calls of aarch64: the number is the immediate of `svc` (Arm ARM C6.2).
// x0..x18 are not kept by a call; x19..x30 and sp are.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

ALWAYS_INLINE void arch_ipc(unsigned number, struct message *message)
{
    register uint64_t x0 __asm__("x0") = message->info;
    register uint64_t x1 __asm__("x1") = message->token;
    register uint64_t x2 __asm__("x2") = message->words[0];
    register uint64_t x3 __asm__("x3") = message->words[1];
    register uint64_t x4 __asm__("x4") = message->words[2];
    register uint64_t x5 __asm__("x5") = message->words[3];
    register uint64_t x6 __asm__("x6") = message->words[4];
    register uint64_t x7 __asm__("x7") = message->words[5];
    register uint64_t x8 __asm__("x8") = message->words[6];
    register uint64_t x9 __asm__("x9") = message->words[7];
    register uint64_t x10 __asm__("x10") = message->words[8];
    register uint64_t x11 __asm__("x11") = message->words[9];

    __asm__ volatile("svc %[number]"
                     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7),
                       "+r"(x8), "+r"(x9), "+r"(x10), "+r"(x11)
                     : [number] "i"(number)
                     : "x12", "x13", "x14", "x15", "x16", "x17", "x18", "memory", "cc");

    message->info = x0;
    message->token = x1;
    message->words[0] = x2;
    message->words[1] = x3;
    message->words[2] = x4;
    message->words[3] = x5;
    message->words[4] = x6;
    message->words[5] = x7;
    message->words[6] = x8;
    message->words[7] = x9;
    message->words[8] = x10;
    message->words[9] = x11;
}

ALWAYS_INLINE struct sys_result arch_syscall(unsigned number, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
                                             uint64_t e, uint64_t f)
{
    register uint64_t x0 __asm__("x0") = a;
    register uint64_t x1 __asm__("x1") = b;
    register uint64_t x2 __asm__("x2") = c;
    register uint64_t x3 __asm__("x3") = d;
    register uint64_t x4 __asm__("x4") = e;
    register uint64_t x5 __asm__("x5") = f;
    register uint64_t x6 __asm__("x6");

    __asm__ volatile("svc %[number]"
                     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "=r"(x6)
                     : [number] "i"(number)
                     : "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18",
                       "memory", "cc");

    return (struct sys_result){x0, {x1, x2, x3, x4, x5, x6}};
}
