// x86_64, see bare.h. A message takes all registers but rsp, so the loop's own are on the stack.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define WINDOW (1ull << 38)
#define BARE_LOOP 6  // mov, mov, decq, jnz; mov, jmp

#define BARE_LOST "rcx", "rdx", "rbx", "rsi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc"

static inline void bare_calls(uint64_t info, uint64_t count)
{
    __asm__ volatile("push %%rbp\n\tpush %%rax\n\tpush %%rdi\n"
                     "1:\tmov (%%rsp), %%rdi\n\tmov %[call], %%eax\n\tsyscall\n\tdecq 8(%%rsp)\n\tjnz 1b\n\t"
                     "pop %%rdi\n\tpop %%rax\n\tpop %%rbp"
                     : "+a"(count), "+D"(info)
                     : [call] "i"(SYS_CALL)
                     : BARE_LOST);
}

static inline void bare_serve(void)
{
    __asm__ volatile("xor %%edi, %%edi\n\txor %%esi, %%esi\n1:\tmov %[reply_wait], %%eax\n\tsyscall\n\tjmp 1b"
                     :
                     : [reply_wait] "i"(SYS_REPLY_WAIT)
                     : "rax", "rdi", BARE_LOST);
}
