// Entry from user code and return to it.
//
// While user code runs, gs is the user's and swapgs brings the core; its `current` is the thread whose first member is the
// frame. A system call saves straight into it; interrupts and faults come on the core's kernel stack and are moved there.
// The kernel keeps nothing on that stack between entries. In the kernel interrupts are off but for a moment at a time
// (interrupt.c): one that comes then is only noted. Everything else that happens in the kernel is a bug and panics.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"

#include <abi/syscall.h>
#include <numbers.h>

    .section .text, "ax"

// A message's registers, as the frame has them.
.macro save_messages to
    .set    at, 0
    .irp    register, rdi, rsi, rdx, r10, r8, r9, rbx, rbp, r12, r13, r14, r15
    mov     %\register, at(\to)
    .set    at, at + 8
    .endr
.endm

// rcx = the user's pc, r11 its flags (AMD APM 3, SYSCALL). The three calls that have fast paths come first; all leave to
// `slow` with the user's registers as they were, but for rcx and r11, which are in the frame.
    .balign 64
    .global syscall_entry
syscall_entry:
    swapgs
    mov     %rsp, %gs:CORE_USER_SP
    mov     %gs:CORE_CURRENT, %rsp
    mov     %rcx, FRAME_RIP(%rsp)
    mov     %gs:CORE_USER_SP, %rcx
    mov     %r11, FRAME_RFLAGS(%rsp)
    mov     %rcx, FRAME_RSP(%rsp)
    test    %eax, %eax
    jz      fast_call
    cmp     $SYS_REPLY_WAIT, %eax
    je      fast_reply_wait
    cmp     $SYS_SIGNAL, %eax
    je      fast_signal
    cmp     $SYS_COUNT, %eax
    jb      quick
    .global slow
slow:
    save_messages %rsp
    mov     %rax, FRAME_RAX(%rsp)
    movq    $0, FRAME_RCX(%rsp)
    movq    $0, FRAME_R11(%rsp)
    mov     %rsp, %rdi
    mov     %gs:CORE_KERNEL_STACK, %rsp
    xor     %ebp, %ebp
    call    x86_64_syscall

// Returns to user code. rax = the thread. What selectors the user had loaded is nobody's to see.
    .global resume
resume:
    mov     %rax, %rsp
    mov     $USER_SS, %ecx
    mov     %ecx, %ds
    mov     %ecx, %es
    mov     %ecx, %fs               // its base is 0 now
    cmpq    $0, FRAME_TLS(%rsp)
    jne     load_tls
tls_loaded:
    swapgs
    mov     %ecx, %gs
    .set    at, 0
    .irp    register, rdi, rsi, rdx, r10, r8, r9, rbx, rbp, r12, r13, r14, r15
    mov     at(%rsp), %\register
    .set    at, at + 8
    .endr
    mov     FRAME_RAX(%rsp), %rax
    mov     FRAME_RCX(%rsp), %rcx
    mov     FRAME_R11(%rsp), %r11
    add     $FRAME_RIP, %rsp
    iretq

load_tls:
    mov     FRAME_TLS(%rsp), %rax
    mov     %rax, %rdx
    shr     $32, %rdx
    mov     $FS_BASE, %ecx
    wrmsr
    mov     $USER_SS, %ecx
    jmp     tls_loaded

// A signal, of the bits in r11, to the thread in rcx, which waits.
    .global wake_receiver
wake_receiver:
    save_messages %rsp
    mov     %rsp, %rdi
    mov     %rcx, %rsi
    mov     %r11, %rdx
    mov     %rcx, %rbx
    mov     %r11, %r12
    mov     %gs:CORE_KERNEL_STACK, %rsp
    xor     %ebp, %ebp
    call    sched_wake
    test    %rax, %rax
    jnz     resume
    jmp     woken

// Each vector has 16 bytes: those for which the processor pushes no error code push a zero.
    .balign 16
    .global vector_entries
vector_entries:
    .set    vector, 0
    .rept   256
    .balign 16
    .if !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || vector == 29 || vector == 30)
    push    $0
    .endif
    push    $vector
    jmp     common_entry
    .set    vector, vector + 1
    .endr

// On the stack: vector, error code, and what `iretq` wants.
    .balign 16
common_entry:
    testb   $3, 24(%rsp)
    jz      in_kernel
    cmpb    $VECTOR_NMI, (%rsp)
    je      in_kernel
    swapgs
    push    %rax
    mov     %gs:CORE_CURRENT, %rax
    save_messages %rax
    mov     %rcx, FRAME_RCX(%rax)
    mov     %r11, FRAME_R11(%rax)
    pop     %rcx
    mov     %rcx, FRAME_RAX(%rax)
    pop     %rsi
    pop     %rdx
    popq    FRAME_RIP(%rax)
    popq    FRAME_CS(%rax)
    popq    FRAME_RFLAGS(%rax)
    popq    FRAME_RSP(%rax)
    popq    FRAME_SS(%rax)
    mov     %rax, %rdi
    mov     %cr2, %rcx
    mov     %gs:CORE_KERNEL_STACK, %rsp
    xor     %ebp, %ebp
    cld
    call    x86_64_trap
    jmp     resume

in_kernel:
    cmpq    $VECTOR_FIRST, (%rsp)
    jb      kernel_trap
    push    %rax
    movzbl  8(%rsp), %eax
    bts     %rax, %gs:CORE_PENDING
    pop     %rax
    add     $16, %rsp
    iretq

// The kernel stack may be what broke, so the panic has its own; and gs may still be, or be again, the user's.
kernel_trap:
    mov     $0xc0000101, %ecx       // GS.base: the kernel's are in the upper half
    rdmsr
    test    %edx, %edx
    js      1f
    swapgs
1:  pop     %rdi
    pop     %rsi
    mov     (%rsp), %rdx
    mov     24(%rsp), %rcx
    mov     %cr2, %r8
    mov     %rbp, %r9
    mov     %gs:CORE_PANIC_STACK, %rsp
    cld
    call    x86_64_kernel_trap
