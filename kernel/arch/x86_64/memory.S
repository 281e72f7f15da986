// memcpy, memmove, memset for the kernel: 64 bytes a turn. The machine aligns by itself.
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
    sub     $64, %rdx
    jb      2f
1:  mov     (%rsi), %rcx
    mov     8(%rsi), %r8
    mov     16(%rsi), %r9
    mov     24(%rsi), %r10
    mov     %rcx, (%rdi)
    mov     %r8, 8(%rdi)
    mov     %r9, 16(%rdi)
    mov     %r10, 24(%rdi)
    mov     32(%rsi), %rcx
    mov     40(%rsi), %r8
    mov     48(%rsi), %r9
    mov     56(%rsi), %r10
    mov     %rcx, 32(%rdi)
    mov     %r8, 40(%rdi)
    mov     %r9, 48(%rdi)
    mov     %r10, 56(%rdi)
    add     $64, %rsi
    add     $64, %rdi
    sub     $64, %rdx
    jae     1b
2:  add     $64 - 8, %rdx
    jl      4f
3:  mov     (%rsi), %rcx
    mov     %rcx, (%rdi)
    add     $8, %rsi
    add     $8, %rdi
    sub     $8, %rdx
    jge     3b
4:  add     $8, %rdx
    jz      6f
5:  mov     (%rsi), %cl
    mov     %cl, (%rdi)
    inc     %rsi
    inc     %rdi
    dec     %rdx
    jnz     5b
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
    mov     %rdi, %rax
    movzbl  %sil, %ecx
    mov     $0x0101010101010101, %rsi
    imul    %rsi, %rcx
    sub     $64, %rdx
    jb      2f
1:  mov     %rcx, (%rdi)
    mov     %rcx, 8(%rdi)
    mov     %rcx, 16(%rdi)
    mov     %rcx, 24(%rdi)
    mov     %rcx, 32(%rdi)
    mov     %rcx, 40(%rdi)
    mov     %rcx, 48(%rdi)
    mov     %rcx, 56(%rdi)
    add     $64, %rdi
    sub     $64, %rdx
    jae     1b
2:  add     $64, %rdx
    jz      4f
3:  mov     %cl, (%rdi)
    inc     %rdi
    dec     %rdx
    jnz     3b
4:  ret
