// See registers.h.
// SPDX-License-Identifier: BSD-2-Clause

// rdi = in, rsi = out. The frame record is where the System V ABI wants it.
.macro  registers name:req, between:vararg
    .section .text.\name, "ax"
    .global \name
\name:
    push    %rbp
    mov     %rsp, %rbp
    push    %rbx
    push    %r12
    push    %r13
    push    %r14
    push    %r15
    push    %rsi
    mov     %rdi, %rcx
    mov     0(%rcx), %rdi
    mov     8(%rcx), %rsi
    mov     16(%rcx), %rdx
    mov     24(%rcx), %r10
    mov     32(%rcx), %r8
    mov     40(%rcx), %r9
    mov     48(%rcx), %rbx
    mov     56(%rcx), %rbp
    mov     64(%rcx), %r12
    mov     72(%rcx), %r13
    mov     80(%rcx), %r14
    mov     88(%rcx), %r15
    mov     96(%rcx), %rax
    \between
    mov     (%rsp), %rcx
    mov     %rdi, 0(%rcx)
    mov     %rsi, 8(%rcx)
    mov     %rdx, 16(%rcx)
    mov     %r10, 24(%rcx)
    mov     %r8, 32(%rcx)
    mov     %r9, 40(%rcx)
    mov     %rbx, 48(%rcx)
    mov     %rbp, 56(%rcx)
    mov     %r12, 64(%rcx)
    mov     %r13, 72(%rcx)
    mov     %r14, 80(%rcx)
    mov     %r15, 88(%rcx)
    mov     %rax, 96(%rcx)
    pop     %rsi
    pop     %r15
    pop     %r14
    pop     %r13
    pop     %r12
    pop     %rbx
    pop     %rbp
    ret
.endm

.macro  half_a_million_turns
    mov     $0x80000, %ecx
1:  dec     %ecx
    jnz     1b
.endm

    registers registers_call, syscall
    registers registers_reply_wait, syscall
    registers registers_yield, syscall
    registers registers_spin, half_a_million_turns
