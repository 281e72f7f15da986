// memcpy, memmove, memset for the kernel, by string instructions, which the machine makes as wide as it can.
// SPDX-License-Identifier: BSD-2-Clause
    .section .text.memory, "ax"

    .global memcpy, memmove
// rdi = to, rsi = from, rdx = bytes; returns rdi
memmove:
    mov     %rdi, %rcx
    sub     %rsi, %rcx
    cmp     %rdx, %rcx
    jb      backward                // to lies within [from, from + bytes)
memcpy:
    mov     %rdi, %rax
    mov     %rdx, %rcx
    shr     $3, %rcx
    rep movsq
    mov     %edx, %ecx
    and     $7, %ecx
    rep movsb
6:  ret

backward:
    mov     %rdi, %rax
7:  test    %rdx, %rdx
    jz      6b
    dec     %rdx
    mov     (%rsi, %rdx), %cl
    mov     %cl, (%rdi, %rdx)
    jmp     7b

    .global memset
// rdi = to, sil = byte, rdx = bytes; returns rdi
memset:
    mov     %rdi, %r8
    movzbl  %sil, %esi
    mov     $0x0101010101010101, %rax
    imul    %rsi, %rax
    mov     %rdx, %rcx
    shr     $3, %rcx
    rep stosq
    mov     %edx, %ecx
    and     $7, %ecx
    rep stosb
    mov     %r8, %rax
    ret
