// System calls in their common case: a call to a server that waits, with one lend or none; a reply to its caller, or to who
// faulted, by a server for whom nothing else has arrived; a signal to a thread that does not wait or runs at once. Everything
// unusual takes the C path, which does the same and more (object/endpoint.c, syscall/ipc.c): each test below that fails
// branches to `slow`, with nothing changed yet. The quick calls are C, but leave out what a switch of threads would need.
//
// Registers on entry: rsp = the running thread, with the user's rip, rflags and rsp in its frame; rcx and r11 are free, all
// others the user's. A message is all the registers there are, so nothing is kept over a call. A call's token is not read,
// so its register is free as well.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"

#include <abi/syscall.h>
#include <numbers.h>

    .section .text.fastpath, "ax"

    .balign 64
    .global fast_call
fast_call:
    test    $(7 << INFO_LENDS_SHIFT), %edi      // lends, capability
    jnz     lends
call:
    mov     %rdi, %rcx
    mov     THREAD_CAP_LIMIT(%rsp), %r11d
    shr     $INFO_SLOT_SHIFT, %rcx
    cmp     %r11, %rcx
    jae     slow                                // also: reflected; its registers must arrive whole
    sbb     %r11, %r11                          // no guess beyond the table
    and     %r11, %rcx
    shl     $5, %rcx
    add     THREAD_CAPS(%rsp), %rcx
    mov     8(%rcx), %r11                       // generation; type, rights, timeout
    mov     (%rcx), %rsi                        // the object
    mov     %r11, %rax
    shr     $32, %rax
    cmp     $CAP_ENDPOINT, %al
    jne     slow_call
    test    $(1 << 3), %ah                      // RIGHT_CALL
    jz      slow_call
    cmp     %r11d, (%rsi)
    jne     slow_call                           // revoked
    mov     ENDPOINT_RECEIVER(%rsi), %rsi
    mov     THREAD_ORDER(%rsp), %eax
    or      $(4 << 24), %eax                    // as if it were RECEIVING, which is above all other states
    cmp     %eax, THREAD_ORDER(%rsi)
    jb      slow_call                           // a server that does not wait, or is below its client

    // Committed.
    mov     THREAD_SCHED_CONTEXT(%rsp), %rax
    mov     %rax, THREAD_SCHED_CONTEXT(%rsi)    // the caller pays
    movq    $0, THREAD_CHARGE(%rsi)             // nobody besides
    movb    $THREAD_AWAITING, THREAD_STATE(%rsp)
    shr     $48, %r11                           // timeout
    cmp     $1, %r11
    sbb     $-1, %r11                           // the granule under way does not count
    mov     %r11d, THREAD_TIMEOUT(%rsp)
    mov     CAP_BADGE(%rcx), %eax
    and     $((1 << (INFO_CAP_BIT + 1)) - 1), %edi
    shl     $INFO_SLOT_SHIFT, %rax
    or      %rax, %rdi                          // KIND_CALL, badge
    mov     THREAD_TOKEN(%rsp), %rax
    mov     THREAD_COMPONENT(%rsi), %rcx
    add     $(1 << TOKEN_THREAD_BITS), %rax
    mov     %rcx, THREAD_SERVER(%rsp)
    mov     %rax, THREAD_TOKEN(%rsp)
    test    $(1 << INFO_LENDS_SHIFT), %edi
    jnz     keep_lend

// From the running thread to the one in rsi, of the component in rcx, whose token register becomes rax.
switch_thread:
    movb    $THREAD_READY, THREAD_STATE(%rsi)
    mov     COMPONENT_ROOT(%rcx), %rcx
    mov     %rsi, %gs:CORE_CURRENT
    mov     %rsi, %rsp
    mov     %rcx, %cr3
    mov     %rax, %rsi
resume_kept:
    mov     $USER_SS, %ecx
    mov     %ecx, %ds
    mov     %ecx, %es
    mov     %ecx, %fs                           // its base is 0 now
    cmpq    $0, FRAME_TLS(%rsp)
    jne     fast_tls
to_user:
    swapgs
    mov     %ecx, %gs
same_user:
    xor     %eax, %eax
    mov     FRAME_RIP(%rsp), %rcx               // behind a `syscall` of user text: below ARCH_USER_END, so canonical
    mov     FRAME_RFLAGS(%rsp), %r11
    mov     FRAME_RSP(%rsp), %rsp
    sysretq

keep_lend:
    mov     %r12, THREAD_LEND(%rsp)
    mov     %r13, THREAD_LEND + 8(%rsp)
    movb    $1, THREAD_LENDS(%rsp)
    xor     %r12d, %r12d                        // what the server sees: its length, not its place; no other
    xor     %r14d, %r14d
    xor     %r15d, %r15d
    jmp     switch_thread

lends:
    test    $(6 << INFO_LENDS_SHIFT), %edi
    jnz     slow                                // one lend and no capability
    mov     %r13, %rcx
    shl     $2, %rcx
    shr     $32, %rcx
    jnz     slow                                // below LEND_BYTES_MAX, of its own memory
    mov     %r13, %rcx
    shr     $62, %rcx
    jz      slow                                // LEND_READ, LEND_WRITE
    test    %r12, %r12
    jns     call
    jmp     slow                                // where its end may be beyond that of all addresses

slow_call:
    xor     %eax, %eax
    jmp     slow

fast_tls:
    mov     %rdx, %r11
    mov     FRAME_TLS(%rsp), %rax
    mov     %rax, %rdx
    shr     $32, %rdx
    mov     $FS_BASE, %ecx
    wrmsr
    mov     %r11, %rdx
    mov     $USER_SS, %ecx
    jmp     to_user

// The caller in rcx waits for an answer: this server's, after which it may run next.
.macro reply_commits
    mov     THREAD_COMPONENT(%rsp), %r11
    cmp     %r11, THREAD_SERVER(%rcx)
    jne     slow
    movzbl  THREAD_PRIORITY(%rcx), %eax
    cmp     %gs:CORE_TOP, %rax
    jb      slow_reply                          // somebody between the two is ready
    mov     THREAD_SCHED_CONTEXT(%rcx), %rax
    cmp     %rax, THREAD_SCHED_CONTEXT(%rsp)
    jne     slow_reply                          // on reserve, or this is another caller's time
    cmpq    $0, THREAD_CHARGE(%rsp)
    jne     slow_reply

    // Committed.
    mov     COMPONENT_ACCOUNT(%r11), %rax
    movb    $THREAD_RECEIVING, THREAD_STATE(%rsp)
    mov     %rax, THREAD_SCHED_CONTEXT(%rsp)
    movq    $0, THREAD_TIMEOUT(%rcx)            // and what it had lent: the right ends with the call
.endm

fault_reply:
    cmpw    $(THREAD_AWAITING << 8 | CALL_FAULT), THREAD_CALL(%rcx)
    jne     slow
    test    $((1 << INFO_LABEL_BITS) - 1), %edi
    jnz     slow                                // not FAULT_REPLY_RESUME
    reply_commits
    mov     THREAD_COMPONENT(%rcx), %rax
    movw    $(THREAD_READY << 8), THREAD_CALL(%rcx)
    mov     COMPONENT_ROOT(%rax), %rax
    mov     %rcx, %gs:CORE_CURRENT
    mov     %rax, %cr3
    mov     %rcx, %rax
    jmp     resume

    .balign 64
    .global fast_reply_wait
fast_reply_wait:
    test    $(1 << INFO_CAP_BIT), %edi
    jnz     slow
    cmpl    $0, THREAD_CAP_LIMIT(%rsp)
    je      slow                                // reflected
    cmpb    $0, THREAD_ARRIVED(%rsp)
    jne     slow                                // its next message is there already
    movzwl  %si, %ecx
    cmp     thread_table_count(%rip), %ecx
    jae     slow
    sbb     %r11, %r11
    and     %r11, %rcx
    mov     thread_table(, %rcx, 8), %rcx       // the caller
    test    %rcx, %rcx
    jz      slow
    cmp     %rsi, THREAD_TOKEN(%rcx)
    jne     slow
    cmpw    $(THREAD_AWAITING << 8), THREAD_CALL(%rcx) // state, and nothing special about the call
    jne     fault_reply
    reply_commits
    and     $((1 << INFO_LENDS_SHIFT) - 1), %edi // label, words; status OK
    mov     %rcx, %rsi
    mov     THREAD_COMPONENT(%rsi), %rcx
    xor     %eax, %eax
    jmp     switch_thread

slow_reply:
    mov     $SYS_REPLY_WAIT, %eax
    jmp     slow

    .balign 64
    .global fast_signal
fast_signal:
    mov     THREAD_CAP_LIMIT(%rsp), %ecx
    cmp     %rcx, %rdi
    jae     slow                                // also: reflected
    sbb     %r11, %r11
    and     %rdi, %r11
    shl     $5, %r11
    add     THREAD_CAPS(%rsp), %r11
    mov     8(%r11), %rcx
    mov     %rcx, %rax
    shr     $32, %rax
    cmp     $CAP_NOTIFICATION, %al
    jne     slow_signal
    test    $(1 << 3), %ah                      // RIGHT_CALL
    jz      slow_signal
    mov     (%r11), %rax                        // the object
    cmp     %ecx, (%rax)
    jne     slow_signal                         // revoked
    mov     NOTIFICATION_RECEIVER(%rax), %rcx
    mov     CAP_BADGE(%r11), %r11
    cmpb    $THREAD_RECEIVING, THREAD_STATE(%rcx)
    je      wake

    // Committed.
    movb    $1, THREAD_ARRIVED(%rcx)
    or      %r11, NOTIFICATION_PENDING(%rax)
    xor     %edi, %edi                          // STATUS_OK
    swapgs
    jmp     same_user

wake:
    mov     THREAD_ORDER(%rsp), %eax
    or      $((4 << 24) + 0xff), %eax           // `arrived` does not put it above an equal
    cmp     %eax, THREAD_ORDER(%rcx)
    jbe     slow_signal                         // it does not run at once
    test    %r11, %r11
    jnz     wake_receiver                       // no bits, no message
slow_signal:
    mov     $SYS_SIGNAL, %eax
    jmp     slow

// It runs: the thread in rbx, with the bits in r12.
    .global woken
woken:
    mov     %rbx, %rsp
    mov     $(KIND_NOTIFICATION << INFO_KIND_SHIFT), %edi
    mov     %r12, %rdx
    .irp    register, esi, r10d, r8d, r9d, ebx, r12d, r13d, r14d, r15d
    xor     %\register, %\register
    .endr
    jmp     resume_kept

// kernel/syscall.h, quick_handler.
    .balign 64
    .global quick
quick:
    mov     %eax, %ecx
    and     $(SYS_COUNT - 1), %ecx              // no guess beyond the table
    mov     quick_handlers(, %rcx, 8), %r11
    test    %r11, %r11
    jz      slow
    cmpl    $0, THREAD_CAP_LIMIT(%rsp)
    je      slow                                // reflected
    mov     %rax, FRAME_RAX(%rsp)
    mov     %rdi, 0(%rsp)
    mov     %rsi, 8(%rsp)
    mov     %rdx, 16(%rsp)
    mov     %r10, 24(%rsp)
    mov     %r8, 32(%rsp)
    mov     %r9, 40(%rsp)
    mov     %rbp, 56(%rsp)
    mov     %r10, %rcx
    mov     %rsp, %r9
    mov     %gs:CORE_KERNEL_STACK, %rsp
    xor     %ebp, %ebp
    call    *%r11
    mov     %gs:CORE_CURRENT, %rsp
    mov     8(%rsp), %rsi
    mov     16(%rsp), %rdx
    mov     24(%rsp), %r10
    mov     32(%rsp), %r8
    mov     40(%rsp), %r9
    mov     56(%rsp), %rbp
    cmp     $STATUS_REPEAT, %rax
    je      repeat
    xor     %edi, %edi                          // an address: STATUS_OK
    test    %rax, %rax
    cmovns  %rax, %rdi
    swapgs
    jmp     same_user
repeat:
    mov     0(%rsp), %rdi
    mov     FRAME_RAX(%rsp), %rax
    jmp     slow
