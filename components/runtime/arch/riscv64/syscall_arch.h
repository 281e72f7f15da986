// System calls of riscv64: the number is in t4, messages are in a0 to a7 and t0 to t3.
// t4 to t6 come back as 0 from message calls; ra, sp, gp, tp and s0 to s11 are kept by all.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

ALWAYS_INLINE void arch_ipc(unsigned number, struct message *message)
{
    register uint64_t a0 __asm__("a0") = message->info;
    register uint64_t a1 __asm__("a1") = message->token;
    register uint64_t a2 __asm__("a2") = message->words[0];
    register uint64_t a3 __asm__("a3") = message->words[1];
    register uint64_t a4 __asm__("a4") = message->words[2];
    register uint64_t a5 __asm__("a5") = message->words[3];
    register uint64_t a6 __asm__("a6") = message->words[4];
    register uint64_t a7 __asm__("a7") = message->words[5];
    register uint64_t t0 __asm__("t0") = message->words[6];
    register uint64_t t1 __asm__("t1") = message->words[7];
    register uint64_t t2 __asm__("t2") = message->words[8];
    register uint64_t t3 __asm__("t3") = message->words[9];
    register uint64_t t4 __asm__("t4") = number;

    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "+r"(a6), "+r"(a7), "+r"(t0),
                       "+r"(t1), "+r"(t2), "+r"(t3), "+r"(t4)
                     :
                     : "t5", "t6", "memory");

    message->info = a0;
    message->token = a1;
    message->words[0] = a2;
    message->words[1] = a3;
    message->words[2] = a4;
    message->words[3] = a5;
    message->words[4] = a6;
    message->words[5] = a7;
    message->words[6] = t0;
    message->words[7] = t1;
    message->words[8] = t2;
    message->words[9] = t3;
}

ALWAYS_INLINE struct sys_result arch_syscall(unsigned number, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
                                             uint64_t e, uint64_t f)
{
    register uint64_t a0 __asm__("a0") = a;
    register uint64_t a1 __asm__("a1") = b;
    register uint64_t a2 __asm__("a2") = c;
    register uint64_t a3 __asm__("a3") = d;
    register uint64_t a4 __asm__("a4") = e;
    register uint64_t a5 __asm__("a5") = f;
    register uint64_t a6 __asm__("a6");
    register uint64_t t4 __asm__("t4") = number;

    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "=r"(a6), "+r"(t4)
                     :
                     : "a7", "t0", "t1", "t2", "t3", "t5", "t6", "memory");

    return (struct sys_result){a0, {a1, a2, a3, a4, a5, a6}};
}
