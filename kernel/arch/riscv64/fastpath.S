// System calls in their common case: a call to a server that waits, with one lend or none; a reply to its caller, or to who
// faulted, by a server for whom nothing else has arrived; a signal to a thread that does not wait or runs at once. Everything
// unusual takes the C path, which does the same and more (object/endpoint.c, syscall/ipc.c): each test below that fails
// branches to `slow`, with nothing changed yet. The quick calls are C, but leave out what a switch of threads would need.
//
// Registers on entry: sp = the running thread, t5 and t6 saved in its frame, sscratch = the user's sp, t4 = the number, all
// others the user's. The message (a0..a7, t0..t3) stays in registers from one thread to the other.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"

#include <abi/syscall.h>
#include <numbers.h>

    .section .text.fastpath, "ax"
    .option norelax

#define X(n) (8 * (n))

    .balign 64
    .global fast_call
fast_call:
    srli    t5, a0, INFO_LENDS_SHIFT
    andi    t5, t5, 7               // lends, capability
    ld      t6, THREAD_CAP_LIMIT(sp)
    bnez    t5, lends
call:
    srli    t5, a0, INFO_SLOT_SHIFT
    bgeu    t5, t6, slow            // also: reflected
    sltu    t6, t5, t6
    neg     t6, t6
    and     t5, t5, t6              // no guess beyond the table
    ld      t6, THREAD_CAPS(sp)
    slli    t5, t5, 5
    add     t5, t5, t6
    sd      s0, X(8)(sp)
    sd      s1, X(9)(sp)
    ld      s0, 8(t5)               // generation, type, rights, timeout
    ld      t6, 0(t5)               // the object
    lbu     s1, CAP_TYPE(t5)
    addi    s1, s1, -CAP_ENDPOINT
    bnez    s1, slow_call
    slli    s1, s0, 63 - (40 + 3)   // RIGHT_CALL
    bgez    s1, slow_call
    lw      s1, 0(t6)
    sext.w  t4, s0
    bne     s1, t4, slow_call       // revoked
    ld      t4, ENDPOINT_RECEIVER(t6)
    lwu     s1, THREAD_ORDER(sp)
    lwu     t6, THREAD_ORDER(t4)
    lui     a1, (4 << 24) >> 12
    or      s1, s1, a1              // as if it were RECEIVING, which is above all other states
    bltu    t6, s1, slow_call       // a server that does not wait, or is below its client

    // Committed.
    ld      t6, THREAD_SCHED_CONTEXT(sp)
    ld      s1, THREAD_COMPONENT(t4)
    ld      a1, THREAD_TOKEN(sp)
    sd      t6, THREAD_SCHED_CONTEXT(t4)     // the caller pays
    sd      zero, THREAD_CHARGE(t4) // nobody besides
    li      t6, THREAD_AWAITING
    sb      t6, THREAD_STATE(sp)
    lui     t6, (1 << TOKEN_THREAD_BITS) >> 12
    add     a1, a1, t6
    sd      a1, THREAD_TOKEN(sp)
    sd      s1, THREAD_SERVER(sp)
    srli    s0, s0, 48              // timeout
    snez    t6, s0
    add     s0, s0, t6              // the granule under way does not count
    sw      s0, THREAD_TIMEOUT(sp)
    lwu     t6, CAP_BADGE(t5)
    slli    a0, a0, 63 - INFO_CAP_BIT
    srli    a0, a0, 63 - INFO_CAP_BIT
    slli    t6, t6, INFO_SLOT_SHIFT
    or      a0, a0, t6              // KIND_CALL, badge
    slli    t6, a0, 63 - INFO_LENDS_SHIFT
    bgez    t6, switch_thread
    li      t6, 1
    sd      t0, THREAD_LEND(sp)
    sd      t1, THREAD_LEND+8(sp)
    sb      t6, THREAD_LENDS(sp)
    li      t0, 0                   // what the server sees: its length, not its place; no other
    li      t2, 0
    li      t3, 0
    j       switch_thread

lends:
    addi    t5, t5, -1
    bnez    t5, slow                // one lend and no capability
    slli    t5, t1, 2
    srli    t5, t5, 32
    bnez    t5, slow                // below LEND_BYTES_MAX, of its own memory
    srli    t5, t1, 62
    beqz    t5, slow                // LEND_READ, LEND_WRITE
    bgez    t0, call
    j       slow                    // where its end may be beyond that of all addresses

slow_call:
    ld      s0, X(8)(sp)
    ld      s1, X(9)(sp)
    li      t4, SYS_CALL
    j       slow

// The caller in t4 waits for an answer: this server's, after which it may run next.
.macro reply_commits
    ld      t5, THREAD_SERVER(t4)
    bne     t5, s0, slow_reply
    lbu     t6, THREAD_PRIORITY(t4)
    ld      t5, CORE_TOP(s1)
    bltu    t6, t5, slow_reply      // somebody between the two is ready
    ld      t5, THREAD_SCHED_CONTEXT(t4)
    ld      t6, THREAD_SCHED_CONTEXT(sp)
    ld      s1, THREAD_CHARGE(sp)
    bne     t5, t6, slow_reply      // on reserve, or this is another caller's time
    bnez    s1, slow_reply

    // Committed.
    ld      t5, COMPONENT_ACCOUNT(s0)
    ld      s1, THREAD_COMPONENT(t4)
    li      t6, THREAD_RECEIVING
    sb      t6, THREAD_STATE(sp)
    sd      t5, THREAD_SCHED_CONTEXT(sp)
    sd      zero, THREAD_TIMEOUT(t4) // and what it had lent: the right ends with the call
.endm

.macro leave_for_it
    csrrw   t5, sscratch, t4
    csrr    t6, sepc
    addi    t6, t6, 4
    sd      t5, X(2)(sp)
    sd      t6, FRAME_PC(sp)        // its sstatus is in the frame already: user code cannot change it
    sd      ra, X(1)(sp)
    sd      gp, X(3)(sp)
    sd      tp, X(4)(sp)
    .irp    n, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
    sd      x\n, X(\n)(sp)
    .endr
    ld      t6, COMPONENT_ROOT(s1)
    mv      sp, t4
    csrw    satp, t6                // the kernel's half is the same in all
    li      t5, THREAD_READY
    sb      t5, THREAD_STATE(sp)
.endm

fault_reply:
    addi    t5, t5, -CALL_FAULT
    slli    t6, a0, 64 - INFO_LABEL_BITS
    bnez    t5, slow_reply
    bnez    t6, slow_reply          // not FAULT_REPLY_RESUME
    reply_commits
    sb      zero, THREAD_CALL(t4)
    leave_for_it
    mv      a0, sp
    j       resume

    .balign 64
    .global fast_reply_wait
fast_reply_wait:
    ld      t5, THREAD_CAP_LIMIT(sp)
    lbu     t6, THREAD_ARRIVED(sp)
    beqz    t5, slow                // reflected
    bnez    t6, slow                // its next message is there already
    slli    t5, a0, 63 - INFO_CAP_BIT
    bltz    t5, slow
    sd      s0, X(8)(sp)
    sd      s1, X(9)(sp)
    ld      s0, THREAD_COMPONENT(sp)
    ld      s1, COMPONENT_CORE(s0)
    slli    t5, a1, 64 - TOKEN_THREAD_BITS
    srli    t5, t5, 64 - TOKEN_THREAD_BITS
    ld      t6, CORE_THREAD_COUNT(s1)
    bgeu    t5, t6, slow_reply
    sltu    t6, t5, t6
    neg     t6, t6
    and     t5, t5, t6
    slli    t5, t5, 3
    ld      t6, CORE_THREADS(s1)
    add     t5, t5, t6
    ld      t4, 0(t5)               // the caller
    beqz    t4, slow_reply
    ld      t5, THREAD_TOKEN(t4)
    bne     t5, a1, slow_reply
    lhu     t5, THREAD_CALL(t4)     // state
    addi    t5, t5, -(THREAD_AWAITING << 8) // and nothing special about the call
    bnez    t5, fault_reply
    reply_commits
    slli    a0, a0, 64 - INFO_LENDS_SHIFT
    srli    a0, a0, 64 - INFO_LENDS_SHIFT // label, words; status OK
    li      a1, 0

// From the running thread to the one in t4, of the component in s1. s0 and s1 are saved.
switch_thread:
    leave_for_it
resume_kept:
    ld      t5, FRAME_PC(sp)
    ld      t6, FRAME_STATUS(sp)
    csrw    sepc, t5
    csrw    sstatus, t6
    ld      ra, X(1)(sp)
    ld      gp, X(3)(sp)
    ld      tp, X(4)(sp)
    ld      s0, X(8)(sp)
    ld      s1, X(9)(sp)
    .irp    n, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27
    ld      x\n, X(\n)(sp)
    .endr
    li      t4, 0
    li      t5, 0
    li      t6, 0
    ld      sp, X(2)(sp)
    sret

slow_reply:
    ld      s0, X(8)(sp)
    ld      s1, X(9)(sp)
    li      t4, SYS_REPLY_WAIT
    j       slow

    .balign 64
    .global fast_signal
fast_signal:
    ld      t6, THREAD_CAP_LIMIT(sp)
    bgeu    a0, t6, slow            // also: reflected
    sltu    t6, a0, t6
    neg     t6, t6
    and     t4, a0, t6
    ld      t6, THREAD_CAPS(sp)
    slli    t4, t4, 5
    add     t4, t4, t6
    lbu     t5, CAP_TYPE(t4)
    lbu     t6, CAP_RIGHTS(t4)
    addi    t5, t5, -CAP_NOTIFICATION
    bnez    t5, slow_signal
    andi    t6, t6, 1 << 3          // RIGHT_CALL
    beqz    t6, slow_signal
    ld      t5, 0(t4)               // the object
    sd      s0, X(8)(sp)
    lw      t6, 0(t5)
    lw      s0, 8(t4)
    bne     t6, s0, slow_signaller  // revoked
    ld      t6, NOTIFICATION_RECEIVER(t5)
    ld      t4, CAP_BADGE(t4)
    lbu     s0, THREAD_STATE(t6)
    addi    s0, s0, -THREAD_RECEIVING
    beqz    s0, wake

    // Committed.
    ld      s0, NOTIFICATION_PENDING(t5)
    or      s0, s0, t4
    sd      s0, NOTIFICATION_PENDING(t5)
    li      t4, 1
    sb      t4, THREAD_ARRIVED(t6)
    ld      s0, X(8)(sp)
    csrr    t5, sepc
    addi    t5, t5, 4
    csrw    sepc, t5
    li      a0, 0                   // STATUS_OK
    li      t4, 0
    li      t5, 0
    li      t6, 0
    csrrw   sp, sscratch, sp
    sret

wake:
    lwu     s0, THREAD_ORDER(sp)
    li      t5, (4 << 24) + 0xff    // `arrived` does not put it above an equal
    or      s0, s0, t5
    lwu     t5, THREAD_ORDER(t6)
    bgeu    s0, t5, slow_signaller  // it does not run at once
    beqz    t4, slow_signaller      // no bits, no message
    ld      s0, X(8)(sp)
    j       wake_receiver

// It runs: the thread in s1, with the bits in s2.
    .global woken
woken:
    csrw    sscratch, s1
    mv      sp, s1
    li      a0, KIND_NOTIFICATION << INFO_KIND_SHIFT
    li      a1, 0
    mv      a2, s2
    .irp    register, a3, a4, a5, a6, a7, t0, t1, t2, t3
    li      \register, 0
    .endr
    j       resume_kept

slow_signaller:
    ld      s0, X(8)(sp)
slow_signal:
    li      t4, SYS_SIGNAL
    j       slow

// kernel/syscall.h, quick_handler.
.macro words move
    .irp    n, 5, 6, 7, 11, 12, 13, 14, 15, 16, 17, 28, 29
    \move   x\n, X(\n)(sp)
    .endr
.endm

    .balign 64
    .global quick
quick:
    andi    t5, t4, SYS_COUNT - 1   // no guess beyond the table
    lui     t6, %hi(quick_handlers)
    slli    t5, t5, 3
    add     t5, t5, t6
    ld      t5, %lo(quick_handlers)(t5)
    ld      t6, THREAD_CAP_LIMIT(sp)
    beqz    t5, slow
    beqz    t6, slow                // reflected
    sd      ra, X(1)(sp)
    sd      tp, X(4)(sp)
    sd      s0, X(8)(sp)
    sd      a0, X(10)(sp)
    words   sd
    ld      s0, THREAD_COMPONENT(sp)
    csrrw   t6, sscratch, zero
    ld      tp, COMPONENT_CORE(s0)
    sd      t6, X(2)(sp)
    sd      sp, CORE_CURRENT(tp)
    mv      a5, sp
    ld      sp, CORE_KERNEL_STACK(tp)
    li      s0, 0
    jalr    t5
    ld      sp, CORE_CURRENT(tp)
    li      t5, STATUS_REPEAT
    ld      ra, X(1)(sp)
    ld      tp, X(4)(sp)
    ld      s0, X(8)(sp)
    words   ld
    beq     a0, t5, repeat
    csrw    sscratch, sp
    csrr    t5, sepc
    addi    t5, t5, 4
    csrw    sepc, t5
    bgez    a0, 1f
    li      a0, 0                   // an address: STATUS_OK
1:  li      t5, 0
    li      t6, 0
    ld      sp, X(2)(sp)
    sret
repeat:
    ld      a0, X(10)(sp)
    ld      t5, X(2)(sp)
    csrw    sscratch, t5
    j       slow
