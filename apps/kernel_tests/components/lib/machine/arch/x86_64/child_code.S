// See child_code.h.
// SPDX-License-Identifier: BSD-2-Clause
#include <abi/syscall.h>

#define CHILD_DATA 0x600000

    .section .text.code, "ax"
    .global code_start, code_invoke, code_read, code_write, code_spin, code_foreign, code_end
    .balign 8
code_start:

code_invoke:
    mov     %rdi, %rax
    mov     CHILD_DATA + 0, %rdi
    mov     CHILD_DATA + 8, %rsi
    mov     CHILD_DATA + 16, %rdx
    mov     CHILD_DATA + 24, %r10
    mov     CHILD_DATA + 32, %r8
    mov     CHILD_DATA + 40, %r9
    mov     CHILD_DATA + 48, %rbx
    mov     CHILD_DATA + 56, %rbp
    mov     CHILD_DATA + 64, %r12
    mov     CHILD_DATA + 72, %r13
    mov     CHILD_DATA + 80, %r14
    mov     CHILD_DATA + 88, %r15
    syscall
    mov     %rdi, CHILD_DATA + 0
    mov     %rsi, CHILD_DATA + 8
    mov     %rdx, CHILD_DATA + 16
    mov     %r10, CHILD_DATA + 24
    mov     %r8, CHILD_DATA + 32
    mov     %r9, CHILD_DATA + 40
    mov     %rbx, CHILD_DATA + 48
    mov     %rbp, CHILD_DATA + 56
    mov     %r12, CHILD_DATA + 64
    mov     %r13, CHILD_DATA + 72
    mov     %r14, CHILD_DATA + 80
    mov     %r15, CHILD_DATA + 88
    xor     %edi, %edi
exit:
    mov     $SYS_EXIT, %eax
    syscall

code_read:
    mov     (%rdi), %rdi
    jmp     exit

code_write:
    mov     %rdi, CHILD_DATA
    mov     -8(%rsp), %rdi
    jmp     exit

code_spin:
    jmp     code_spin

code_foreign:
    mov     $0x40, %eax
    mov     $10, %edi
    mov     $11, %esi
    mov     $12, %edx
    mov     $13, %r10d
    mov     $14, %r8d
    mov     $15, %r9d
    mov     $0x27, %r15d
    syscall
    syscall                         // foreign as well: the result is its number
    ud2
    .balign 8
code_end:
