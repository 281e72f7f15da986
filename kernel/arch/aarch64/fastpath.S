// System calls in their common case: a call to a server that waits, with one lend or none; a reply to its caller, or to who
// faulted, by a server for whom nothing else has arrived; a signal to a thread that does not wait or runs at once. Everything
// unusual takes the C path, which does the same and more (object/endpoint.c, syscall/ipc.c): each test below that fails
// branches to `slow`, with nothing changed yet. The quick calls are C, but leave out what a switch of threads would need.
//
// Registers on entry: sp = the running thread, x16 and x17 saved in its frame, all others the user's.
// The message (x0..x11) stays in registers from one thread to the other. x12..x18 are scratch by the ABI.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"

#include <abi/syscall.h>
#include <numbers.h>

    .section .text.fastpath, "ax"

    .balign 64
    .global fast_call
fast_call:
    tst     x0, #(7 << INFO_LENDS_SHIFT)        // lends, capability
    b.ne    lends
call:
    ldp     x16, x17, [sp, #THREAD_CAPS]        // and how many a call may name
    cmp     x17, x0, lsr #INFO_SLOT_SHIFT
    b.ls    slow                                // also: reflected; its x12..x18 must arrive whole
    lsr     x12, x0, #INFO_SLOT_SHIFT
    csel    x12, x12, xzr, hi                   // no guess beyond the table
    csdb
    add     x12, x16, x12, lsl #5
    ldp     x13, x15, [x12]                     // the object; generation, type, rights, timeout
    ubfx    x16, x15, #32, #8
    cmp     x16, #CAP_ENDPOINT
    b.ne    slow
    tbz     x15, #(40 + 3), slow                // RIGHT_CALL
    ldr     w16, [x13]
    cmp     w16, w15
    b.ne    slow                                // revoked
    ldr     x17, [x13, #ENDPOINT_RECEIVER]
    ldr     w16, [sp, #THREAD_ORDER]
    ldr     w14, [x17, #THREAD_ORDER]
    orr     w16, w16, #(4 << 24)                // as if it were RECEIVING, which is above all other states
    cmp     w14, w16
    b.lo    slow                                // a server that does not wait, or is below its client

    // Committed.
    ldr     x16, [x17, #THREAD_COMPONENT]
    ldr     x18, [sp, #THREAD_SCHED_CONTEXT]
    mov     w14, #THREAD_AWAITING
    stp     x18, xzr, [x17, #THREAD_SCHED_CONTEXT] // the caller pays; charge: nobody besides
    strb    w14, [sp, #THREAD_STATE]
    ldr     x1, [sp, #THREAD_TOKEN]
    lsr     x15, x15, #48                       // timeout
    ldr     w12, [x12, #CAP_BADGE]
    cmp     x15, #0
    cinc    w15, w15, ne                        // the granule under way does not count
    add     x1, x1, #(1 << TOKEN_THREAD_BITS)
    stp     x1, x16, [sp, #THREAD_TOKEN]        // server
    str     w15, [sp, #THREAD_TIMEOUT]
    ubfx    x0, x0, #0, #(INFO_CAP_BIT + 1)
    orr     x0, x0, x12, lsl #INFO_SLOT_SHIFT   // KIND_CALL, badge
    tbz     x0, #INFO_LENDS_SHIFT, switch_thread
    mov     w15, #1
    stp     x8, x9, [sp, #THREAD_LEND]
    strb    w15, [sp, #THREAD_LENDS]
    mov     x8, #0                              // what the server sees: its length, not its place; no other
    mov     x10, #0
    mov     x11, #0
    b       switch_thread

lends:
    tst     x0, #(6 << INFO_LENDS_SHIFT)
    b.ne    slow                                // one lend and no capability
    tst     x9, #0x3fffffffc0000000
    b.ne    slow                                // below LEND_BYTES_MAX, of its own memory
    lsr     x16, x9, #62
    cbz     x16, slow                           // LEND_READ, LEND_WRITE
    tbz     x8, #63, call
    b       slow                                // where its end may be beyond that of all addresses

// The caller in x17 waits for this server's answer to its call, about which only `call` is special; and may run next.
.macro may_reply call otherwise
    ldp     x12, x16, [x17, #THREAD_TOKEN]      // server
    ldrh    w13, [x17, #THREAD_CALL]            // state
    ldp     x14, x15, [sp, #THREAD_COMPONENT]   // sched_context
    cmp     w13, #(THREAD_AWAITING << 8 | \call)
    ccmp    x12, x1, #0, eq
    ccmp    x16, x14, #0, eq                    // it waits for this server
    ldr     x12, [x17, #THREAD_SCHED_CONTEXT]
    ldr     x16, [sp, #THREAD_CHARGE]
    ccmp    x12, x15, #0, eq                    // not on reserve, nor is this another caller's time
    ccmp    x16, #0, #0, eq
    ldr     x12, [x18, #CORE_TOP]
    ldrb    w13, [x17, #THREAD_PRIORITY]
    ccmp    x12, x13, #2, eq                    // nobody between the two is ready
    b.hi    \otherwise                          // of the last, or because one before was not equal
.endm

.macro reply_commits
    ldr     x12, [x14, #COMPONENT_ACCOUNT]
    ldr     x16, [x17, #THREAD_COMPONENT]
    mov     w13, #THREAD_RECEIVING
    strb    w13, [sp, #THREAD_STATE]
    str     x12, [sp, #THREAD_SCHED_CONTEXT]
    str     xzr, [x17, #THREAD_TIMEOUT]         // and what it had lent: the right ends with the call
.endm

.macro leave_for_it
    mov     w12, #THREAD_READY
    strb    w12, [x17, #THREAD_STATE]
    mrs     x12, sp_el0
    mrs     x13, elr_el1
    mrs     x14, spsr_el1
    mrs     x15, tpidr_el0
    pairs   stp, 19, 30
    stp     x12, x13, [sp, #FRAME_SP]           // pc
    stp     x14, x15, [sp, #FRAME_PSTATE]       // tls
    mov     sp, x17
    ldr     x12, [x16, #COMPONENT_ROOT]
    msr     ttbr0_el1, x12                      // eret is the barrier: nothing below touches user memory
.endm

fault_reply:
    may_reply CALL_FAULT, slow
    tst     x0, #((1 << INFO_LABEL_BITS) - 1)
    b.ne    slow                                // not FAULT_REPLY_RESUME
    strb    wzr, [x17, #THREAD_CALL]
    reply_commits
    leave_for_it
    mov     x0, x17
    b       resume

    .balign 64
    .global fast_reply_wait
fast_reply_wait:
    tbnz    x0, #INFO_CAP_BIT, slow
    ldp     x16, x17, [sp, #THREAD_CAP_LIMIT]   // arrived
    cbz     x16, slow                           // reflected: its x12..x18 must arrive whole
    tbnz    x17, #0, slow                       // its next message is there already
    mrs     x18, tpidr_el1
    and     x12, x1, #((1 << TOKEN_THREAD_BITS) - 1)
    ldp     x14, x13, [x18, #CORE_THREADS]
    cmp     x12, x13
    b.hs    slow
    csel    x12, x12, xzr, lo
    csdb
    ldr     x17, [x14, x12, lsl #3]
    cbz     x17, slow
    may_reply 0, fault_reply

    reply_commits
    and     x0, x0, #0xfffff                    // label, words; status OK
    mov     x1, #0

// From the running thread to the one in x17, of the component in x16. C code must find in the frame of a thread that waits
// the registers which the call keeps; those of the message are written by whoever ends the call.
switch_thread:
    leave_for_it
resume_kept:
    ldp     x12, x13, [sp, #FRAME_SP]
    ldp     x14, x15, [sp, #FRAME_PSTATE]
    msr     sp_el0, x12
    msr     elr_el1, x13
    msr     spsr_el1, x14
    msr     tpidr_el0, x15
    pairs   ldp, 19, 30
    zeroes  12, 18
    to_user

    .balign 64
    .global fast_signal
fast_signal:
    ldp     x16, x17, [sp, #THREAD_CAPS]        // and how many a call may name
    cmp     x0, x17
    b.hs    slow                                // also: reflected
    csel    x12, x0, xzr, lo
    csdb
    add     x12, x16, x12, lsl #5
    ldp     x13, x15, [x12]                     // the object; generation, type, rights
    ubfx    x16, x15, #32, #8
    cmp     x16, #CAP_NOTIFICATION
    b.ne    slow
    tbz     x15, #(40 + 3), slow                // RIGHT_CALL
    ldr     w16, [x13]
    cmp     w16, w15
    b.ne    slow                                // revoked
    ldr     x17, [x13, #NOTIFICATION_RECEIVER]
    ldr     x14, [x12, #CAP_BADGE]
    ldr     w16, [x17, #THREAD_ORDER]
    lsr     w15, w16, #24
    cmp     w15, #THREAD_RECEIVING
    b.eq    wake

    // Committed.
    ldr     x15, [x13, #NOTIFICATION_PENDING]
    mov     w16, #1
    orr     x15, x15, x14
    str     x15, [x13, #NOTIFICATION_PENDING]
    strb    w16, [x17, #THREAD_ARRIVED]
    mov     x0, #0                              // STATUS_OK
    zeroes  12, 17
    to_user

wake:
    ldr     w15, [sp, #THREAD_ORDER]
    orr     w15, w15, #(4 << 24)
    orr     w15, w15, #0xff                     // `arrived` does not put it above an equal
    cmp     w16, w15
    b.ls    slow                                // it does not run at once
    cbz     x14, slow                           // no bits, no message
    b       wake_receiver

// It runs: the thread in x19, with the bits in x20.
    .global woken
woken:
    mov     sp, x19
    mov     x0, #(KIND_NOTIFICATION << INFO_KIND_SHIFT)
    mov     x1, #0
    mov     x2, x20
    zeroes  3, 11
    b       resume_kept

// kernel/syscall.h, quick_handler.
    .balign 64
    .global quick
quick:
    csel    x16, x16, xzr, lo
    csdb
    adrp    x17, quick_handlers
    add     x17, x17, :lo12:quick_handlers
    ldr     x16, [x17, x16, lsl #3]
    ldr     x17, [sp, #THREAD_CAP_LIMIT]
    cbz     x16, slow
    cbz     x17, slow                           // reflected
    pairs   stp, 0, 15
    stp     x18, x19, [sp, #144]
    stp     x29, x30, [sp, #232]
    mov     x19, sp
    mov     x5, sp
    mrs     x6, tpidr_el1
    str     x19, [x6, #CORE_CURRENT]
    ldr     x7, [x6, #CORE_KERNEL_STACK]
    mov     x29, xzr
    mov     sp, x7
    blr     x16
    mov     sp, x19
    pairs   ldp, 2, 15
    ldp     x18, x19, [sp, #144]
    ldp     x29, x30, [sp, #232]
    cmp     x0, #STATUS_REPEAT
    bic     x0, x0, x0, asr #63                 // an address: STATUS_OK
    b.eq    1f
    ldr     x1, [sp, #8]
    ldp     x16, x17, [sp, #128]
    to_user
1:  ldp     x0, x1, [sp, #0]
    b       slow
