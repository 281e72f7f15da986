// The two IPC calls in their common case: a call to a server that waits, and a reply to its caller by a server for whom
// nothing else has arrived. Everything else, and everything unusual, takes the C path, which does the same and more
// (object/endpoint.c, syscall/ipc.c): each test below that fails branches to `slow`, with nothing changed yet.
//
// Registers on entry: sp = the running thread, t5 and t6 saved in its frame, sscratch = the user's sp, t4 = the number, all
// others the user's. The message (a0..a7, t0..t3) stays in registers from one thread to the other.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"

#include <abi/syscall.h>

    .section .text.fastpath, "ax"
    .option norelax

#define X(n) (8 * (n))

    .balign 64
    .global fast_call
fast_call:
    srli    t5, a0, INFO_LENDS_SHIFT
    andi    t5, t5, 7               // lends, capability
    lwu     t6, THREAD_CAP_LIMIT(sp)
    bnez    t5, slow
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
    srli    s1, s0, 32
    andi    s1, s1, 0xff
    addi    s1, s1, -CAP_TYPE_ENDPOINT
    bnez    s1, slow_call
    slli    s1, s0, 63 - (40 + 3)   // RIGHT_CALL
    bgez    s1, slow_call
    lw      s1, 0(t6)
    sext.w  t4, s0
    bne     s1, t4, slow_call       // revoked
    ld      t4, ENDPOINT_RECEIVER(t6)
    lwu     t6, THREAD_STATE(t4)    // state, call, priority, arrived
    andi    s1, t6, 0xff
    addi    s1, s1, -STATE_RECEIVING
    bnez    s1, slow_call
    lbu     s1, THREAD_PRIORITY(sp)
    srli    t6, t6, 16
    andi    t6, t6, 0xff
    bltu    t6, s1, slow_call       // a server below its client waits for its turn

    // Committed.
    ld      t6, THREAD_SCHED_CONTEXT(sp)
    ld      s1, THREAD_COMPONENT(t4)
    ld      a1, THREAD_TOKEN(sp)
    sd      t6, THREAD_SCHED_CONTEXT(t4)     // the caller pays
    sd      zero, THREAD_SCHED_CONTEXT+8(t4) // charge: nobody besides
    li      t6, STATE_AWAITING
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
    j       switch_thread

slow_call:
    ld      s0, X(8)(sp)
    ld      s1, X(9)(sp)
    li      t4, SYS_CALL
    j       slow

    .balign 64
    .global fast_reply_wait
fast_reply_wait:
    lwu     t5, THREAD_CAP_LIMIT(sp)
    lbu     t6, THREAD_ARRIVED(sp)
    beqz    t5, slow                // reflected
    bnez    t6, slow                // its next message is there already
    slli    t5, a0, 63 - INFO_CAP_BIT
    bltz    t5, slow
    slli    t5, a1, 64 - TOKEN_THREAD_BITS
    srli    t5, t5, 64 - TOKEN_THREAD_BITS
    lla     t6, thread_table_count
    lwu     t6, 0(t6)
    bgeu    t5, t6, slow
    sltu    t6, t5, t6
    neg     t6, t6
    and     t5, t5, t6
    slli    t5, t5, 3
    lla     t6, thread_table
    add     t5, t5, t6
    ld      t4, 0(t5)               // the caller
    beqz    t4, slow_number
    ld      t5, THREAD_TOKEN(t4)
    bne     t5, a1, slow_number
    lwu     t6, THREAD_STATE(t4)    // state, call, priority, arrived
    slli    t5, t6, 48
    srli    t5, t5, 48
    addi    t5, t5, -STATE_AWAITING // and nothing special about the call
    bnez    t5, slow_number
    sd      s0, X(8)(sp)
    sd      s1, X(9)(sp)
    ld      s0, THREAD_COMPONENT(sp)
    ld      t5, THREAD_SERVER(t4)
    bne     t5, s0, slow_reply
    ld      t5, COMPONENT_CORE(s0)
    srli    t6, t6, 16
    andi    t6, t6, 0xff
    ld      t5, CORE_TOP(t5)
    bltu    t6, t5, slow_reply      // somebody between the two is ready
    ld      t5, THREAD_SCHED_CONTEXT(t4)
    ld      t6, THREAD_SCHED_CONTEXT(sp)
    ld      s1, THREAD_SCHED_CONTEXT+8(sp)
    bne     t5, t6, slow_reply      // on reserve, or this is another caller's time
    bnez    s1, slow_reply

    // Committed.
    ld      t5, COMPONENT_ACCOUNT(s0)
    ld      s1, THREAD_COMPONENT(t4)
    li      t6, STATE_RECEIVING
    sb      t6, THREAD_STATE(sp)
    sd      t5, THREAD_SCHED_CONTEXT(sp)
    sd      zero, THREAD_TIMEOUT(t4) // and what it had lent: the right ends with the call
    slli    a0, a0, 64 - INFO_LENDS_SHIFT
    srli    a0, a0, 64 - INFO_LENDS_SHIFT // label, words; status OK
    li      a1, 0

// From the running thread to the one in t4, of the component in s1. s0 and s1 are saved.
switch_thread:
    csrrw   t5, sscratch, t4
    csrr    t6, sepc
    csrr    s0, sstatus
    addi    t6, t6, 4
    sd      t5, X(2)(sp)
    sd      t6, FRAME_PC(sp)
    sd      s0, FRAME_STATUS(sp)
    sd      ra, X(1)(sp)
    sd      gp, X(3)(sp)
    sd      tp, X(4)(sp)
    sd      s2, X(18)(sp)
    sd      s3, X(19)(sp)
    sd      s4, X(20)(sp)
    sd      s5, X(21)(sp)
    sd      s6, X(22)(sp)
    sd      s7, X(23)(sp)
    sd      s8, X(24)(sp)
    sd      s9, X(25)(sp)
    sd      s10, X(26)(sp)
    sd      s11, X(27)(sp)
    ld      t5, COMPONENT_CORE(s1)
    ld      t6, COMPONENT_ROOT(s1)
    addi    s0, s1, COMPONENT_VSPACE
    mv      sp, t4
    sd      t4, CORE_CURRENT(t5)
    sd      s0, CORE_VSPACE(t5)
    csrw    satp, t6                // the kernel's half is the same in all
    li      t5, STATE_READY
    sb      t5, THREAD_STATE(sp)
    ld      t5, FRAME_PC(sp)
    ld      t6, FRAME_STATUS(sp)
    csrw    sepc, t5
    csrw    sstatus, t6
    ld      ra, X(1)(sp)
    ld      gp, X(3)(sp)
    ld      tp, X(4)(sp)
    ld      s0, X(8)(sp)
    ld      s1, X(9)(sp)
    ld      s2, X(18)(sp)
    ld      s3, X(19)(sp)
    ld      s4, X(20)(sp)
    ld      s5, X(21)(sp)
    ld      s6, X(22)(sp)
    ld      s7, X(23)(sp)
    ld      s8, X(24)(sp)
    ld      s9, X(25)(sp)
    ld      s10, X(26)(sp)
    ld      s11, X(27)(sp)
    li      t4, 0
    li      t5, 0
    li      t6, 0
    ld      sp, X(2)(sp)
    sret

slow_reply:
    ld      s0, X(8)(sp)
    ld      s1, X(9)(sp)
slow_number:
    li      t4, SYS_REPLY_WAIT
    j       slow
