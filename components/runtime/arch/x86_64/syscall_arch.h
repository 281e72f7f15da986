// System calls of x86_64: the number is in rax, messages are in rdi, rsi, rdx, r10, r8, r9, rbx, rbp, r12 to r15.
// A message takes all registers there are but rsp; rax, rcx and r11 come back as 0 or hold nothing of use.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// rbp may be the compiler's frame pointer, so the word that travels in it goes by rcx up to the instruction itself.
ALWAYS_INLINE void arch_ipc(unsigned number, struct message *message)
{
    register uint64_t rdi __asm__("rdi") = message->info;
    register uint64_t rsi __asm__("rsi") = message->token;
    register uint64_t rdx __asm__("rdx") = message->words[0];
    register uint64_t r10 __asm__("r10") = message->words[1];
    register uint64_t r8 __asm__("r8") = message->words[2];
    register uint64_t r9 __asm__("r9") = message->words[3];
    register uint64_t rbx __asm__("rbx") = message->words[4];
    register uint64_t rcx __asm__("rcx") = message->words[5];
    register uint64_t r12 __asm__("r12") = message->words[6];
    register uint64_t r13 __asm__("r13") = message->words[7];
    register uint64_t r14 __asm__("r14") = message->words[8];
    register uint64_t r15 __asm__("r15") = message->words[9];
    register uint64_t rax __asm__("rax") = number;

    __asm__ volatile("push %%rbp\n\tmov %%rcx, %%rbp\n\tsyscall\n\tmov %%rbp, %%rcx\n\tpop %%rbp"
                     : "+r"(rdi), "+r"(rsi), "+r"(rdx), "+r"(r10), "+r"(r8), "+r"(r9), "+r"(rbx), "+r"(rcx), "+r"(r12),
                       "+r"(r13), "+r"(r14), "+r"(r15), "+r"(rax)
                     :
                     : "r11", "cc", "memory");

    message->info = rdi;
    message->token = rsi;
    message->words[0] = rdx;
    message->words[1] = r10;
    message->words[2] = r8;
    message->words[3] = r9;
    message->words[4] = rbx;
    message->words[5] = rcx;
    message->words[6] = r12;
    message->words[7] = r13;
    message->words[8] = r14;
    message->words[9] = r15;
}

ALWAYS_INLINE struct sys_result arch_syscall(unsigned number, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
                                             uint64_t e, uint64_t f)
{
    register uint64_t rdi __asm__("rdi") = a;
    register uint64_t rsi __asm__("rsi") = b;
    register uint64_t rdx __asm__("rdx") = c;
    register uint64_t r10 __asm__("r10") = d;
    register uint64_t r8 __asm__("r8") = e;
    register uint64_t r9 __asm__("r9") = f;
    register uint64_t rbx __asm__("rbx");
    register uint64_t rax __asm__("rax") = number;

    __asm__ volatile("syscall"
                     : "+r"(rdi), "+r"(rsi), "+r"(rdx), "+r"(r10), "+r"(r8), "+r"(r9), "=r"(rbx), "+r"(rax)
                     :
                     : "rcx", "r11", "cc", "memory");

    return (struct sys_result){rdi, {rsi, rdx, r10, r8, r9, rbx}};
}
