// What every thread of a recorded run executes, on x86_64: steps of the script, see step.h. No thread has memory of its
// own that the run leaves alone, so all share a page: only system calls change threads here.
//
// A message takes every register but rsp, which while a call lasts is the number of its step and a little more.
// SPDX-License-Identifier: BSD-2-Clause
#include <abi/syscall.h>

#include "step.h"

#define MARK 0x400000
#define STACK (BOARD_ADDRESS + 4096)
#define SAVED(n) BOARD_ADDRESS + BOARD_SAVED + 8 * (n)
#define SAVED_RAX SAVED(12)
#define SAVED_RSP SAVED(13)
#define LINE (BOARD_ADDRESS + BOARD_LINE)

    .macro  take_in word
    xor     \word, %r8
    imul    %r10, %r8
    mov     %r8, %r11
    shr     $DIGEST_SHIFT, %r11
    xor     %r11, %r8
    .endm

    .section .payload.program, "ax"
    .balign 4096
    .global program
program:
    mov     %rsp, %rsi
    mov     $STACK, %esp
    call    find_step
    take_in %rdi
    take_in %rsi
    jmp     do_step

// r8 = digest, r9 = number of the step, r10 = factor, rbx = the step, ebp = what is seen.
find_step:
    mov     BOARD_ADDRESS + BOARD_DIGEST, %r8
    mov     BOARD_ADDRESS + BOARD_CURSOR, %r9
    movabs  $DIGEST_FACTOR, %r10
    test    %r9, %r9
    jnz     1f
    mov     $DIGEST_START, %r8d
1:  imul    $STEP_BYTES, %r9, %rbx
    add     $SCRIPT_ADDRESS, %rbx
    mov     STEP_SEEN(%rbx), %ebp
    ret

returned:
    mov     %rdi, SAVED(0)
    mov     %rsi, SAVED(1)
    mov     %rdx, SAVED(2)
    mov     %r10, SAVED(3)
    mov     %r8, SAVED(4)
    mov     %r9, SAVED(5)
    mov     %rbx, SAVED(6)
    mov     %rbp, SAVED(7)
    mov     %r12, SAVED(8)
    mov     %r13, SAVED(9)
    mov     %r14, SAVED(10)
    mov     %r15, SAVED(11)
    mov     %rax, SAVED_RAX
    mov     %rsp, SAVED_RSP
    mov     $STACK, %esp
    call    find_step
    xor     %ecx, %ecx
1:  bt      %ecx, %ebp
    jnc     2f
    mov     SAVED(0)(, %rcx, 8), %rax
    take_in %rax
2:  inc     %ecx
    cmp     $12, %ecx
    jne     1b
    mov     SAVED_RSP, %rax
    sub     $MARK, %rax
    take_in %rax
    xor     %eax, %eax              // whatever is as it should not be
    bt      $SEEN_MESSAGE, %ebp
    jnc     3f
    mov     SAVED_RAX, %rax
3:  take_in %rax

do_step:
    mov     %r8, BOARD_ADDRESS + BOARD_DIGEST
    lea     1(%r9), %rax
    mov     %rax, BOARD_ADDRESS + BOARD_CURSOR
    cmpl    $0, STEP_PRINT(%rbx)
    je      1f
    call    print
1:  mov     STEP_KIND(%rbx), %eax
    mov     STEP_NUMBER(%rbx), %ecx
    test    %eax, %eax
    jz      do_call
    mov     STEP_WORDS(%rbx), %rdx
    mov     STEP_WORDS + 8(%rbx), %rsi
    cmp     $KIND_STEP_LOAD, %eax
    je      do_load
    ja      2f
    mov     %rsi, (%rdx)
    call    find_step
    jmp     do_step
2:  cmp     $KIND_STEP_END, %eax
3:  je      3b
    cmp     $READS, %ecx
    jne     4f
    mov     (%rdx), %rax
4:  mov     %rax, (%rdx)
    jmp     .                       // it should have faulted

do_load:
    mov     (%rdx), %rax
    call    find_step
    take_in %rax
    jmp     do_step

do_call:
    lea     MARK(%r9), %rsp
    mov     %ecx, %eax
    mov     %rbx, %rcx
    mov     STEP_WORDS(%rcx), %rdi
    mov     STEP_WORDS + 8(%rcx), %rsi
    mov     STEP_WORDS + 16(%rcx), %rdx
    mov     STEP_WORDS + 24(%rcx), %r10
    mov     STEP_WORDS + 32(%rcx), %r8
    mov     STEP_WORDS + 40(%rcx), %r9
    mov     STEP_WORDS + 48(%rcx), %rbx
    mov     STEP_WORDS + 56(%rcx), %rbp
    mov     STEP_WORDS + 64(%rcx), %r12
    mov     STEP_WORDS + 72(%rcx), %r13
    mov     STEP_WORDS + 80(%rcx), %r14
    mov     STEP_WORDS + 88(%rcx), %r15
    syscall
    jmp     returned

// Prints the number of the step and the digest.
print:
    push    %r8
    push    %r9
    push    %rbx
    mov     $LINE, %edi
    movw    $('s' | ' ' << 8), (%rdi)
    add     $2, %rdi
    mov     %r9, %rdx
    shl     $32, %rdx
    mov     $8, %ecx
    call    digits
    movb    $' ', (%rdi)
    inc     %rdi
    mov     %r8, %rdx
    mov     $16, %ecx
    call    digits
    movb    $'\n', (%rdi)
    mov     $SLOT_OF_CONSOLE, %edi
    mov     $LINE, %esi
    mov     $LINE_BYTES, %edx
    mov     $SYS_CONSOLE_WRITE, %eax
    syscall
    pop     %rbx
    pop     %r9
    pop     %r8
    ret

// The first ecx digits of rdx, to rdi.
digits:
    rol     $4, %rdx
    mov     %edx, %eax
    and     $15, %eax
    add     $'0', %eax
    cmp     $'9', %eax
    jbe     1f
    add     $('a' - 10 - '0'), %eax
1:  mov     %al, (%rdi)
    inc     %rdi
    dec     %ecx
    jnz     digits
    ret
    .balign 4096
