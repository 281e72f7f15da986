// Three system calls in their common case: a call to a server that waits, a reply to its caller by a server for whom
// nothing else has arrived, and a signal to a thread that does not wait. Everything else, and everything unusual, takes the C path, which does the same and more
// (object/endpoint.c, syscall/ipc.c): each test below that fails branches to `slow`, with nothing changed yet.
//
// Registers on entry: sp = the running thread, x16 and x17 saved in its frame, all others the user's.
// The message (x0..x11) stays in registers from one thread to the other. x12..x18 are scratch by the ABI.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"

#include <abi/syscall.h>

    .section .text.fastpath, "ax"

// What C code must find in the frame of a thread that waits: registers the call keeps. The message registers are
// written by whoever ends the call.
.macro save_kept
    mrs     x12, sp_el0
    mrs     x13, elr_el1
    mrs     x14, spsr_el1
    mrs     x15, tpidr_el0
    stp     x18, x19, [sp, #144]
    stp     x20, x21, [sp, #160]
    stp     x22, x23, [sp, #176]
    stp     x24, x25, [sp, #192]
    stp     x26, x27, [sp, #208]
    stp     x28, x29, [sp, #224]
    stp     x30, x12, [sp, #240]
    stp     x13, x14, [sp, #FRAME_PC]
    str     x15, [sp, #FRAME_TLS]
.endm

    .balign 64
    .global fast_call
fast_call:
    tst     x0, #(7 << INFO_LENDS_SHIFT)        // lends, capability
    b.ne    slow
    lsr     x16, x0, #INFO_SLOT_SHIFT
    ldr     w17, [sp, #THREAD_CAP_LIMIT]
    cmp     x16, x17
    b.hs    slow                                // also: reflected; its x12..x18 must arrive whole
    ldr     x12, [sp, #THREAD_CAPS]
    csel    x14, x16, xzr, lo                   // no guess beyond the table
    csdb
    add     x12, x12, x14, lsl #5
    ldp     x13, x15, [x12]                     // the object; generation, type, rights, timeout
    ubfx    x16, x15, #32, #8
    cmp     x16, #CAP_TYPE_ENDPOINT
    b.ne    slow
    tbz     x15, #(40 + 3), slow                // RIGHT_CALL
    ldr     w16, [x13]
    cmp     w16, w15
    b.ne    slow                                // revoked
    ldr     x17, [x13, #ENDPOINT_RECEIVER]
    ldr     w14, [x17, #THREAD_STATE]           // state, call, priority, arrived
    ldrb    w18, [sp, #THREAD_PRIORITY]
    and     w16, w14, #0xff
    cmp     w16, #STATE_RECEIVING
    b.ne    slow
    ubfx    w14, w14, #16, #8
    cmp     w14, w18
    b.lo    slow                                // a server below its client waits for its turn

    // Committed.
    ldr     x16, [x17, #THREAD_COMPONENT]
    ldr     x18, [sp, #THREAD_SCHED_CONTEXT]
    mov     w14, #STATE_AWAITING
    stp     x18, xzr, [x17, #THREAD_SCHED_CONTEXT] // the caller pays; charge: nobody besides
    strb    w14, [sp, #THREAD_STATE]
    ldr     x1, [sp, #THREAD_TOKEN]
    lsr     x15, x15, #48                       // timeout
    ldr     w12, [x12, #CAP_BADGE]
    cmp     x15, #0
    cinc    w15, w15, ne                        // the granule under way does not count
    add     x1, x1, #(1 << TOKEN_THREAD_BITS)
    str     x1, [sp, #THREAD_TOKEN]
    str     x16, [sp, #THREAD_SERVER]
    str     w15, [sp, #THREAD_TIMEOUT]
    ubfx    x0, x0, #0, #(INFO_CAP_BIT + 1)
    orr     x0, x0, x12, lsl #INFO_SLOT_SHIFT   // KIND_CALL, badge
    b       switch_thread

    .balign 64
    .global fast_reply_wait
fast_reply_wait:
    tbnz    x0, #INFO_CAP_BIT, slow
    ldr     w17, [sp, #THREAD_CAP_LIMIT]
    ldrb    w16, [sp, #THREAD_ARRIVED]
    cbz     w17, slow                           // reflected: its x12..x18 must arrive whole
    cbnz    w16, slow                           // its next message is there already
    mrs     x18, tpidr_el1
    adrp    x13, thread_table_count
    ldr     w13, [x13, :lo12:thread_table_count]
    adrp    x14, thread_table
    add     x14, x14, :lo12:thread_table
    and     x12, x1, #0xffff
    cmp     x12, x13
    b.hs    slow
    csel    x12, x12, xzr, lo
    csdb
    ldr     x17, [x14, x12, lsl #3]
    cbz     x17, slow
    ldr     x12, [x17, #THREAD_TOKEN]
    ldr     w13, [x17, #THREAD_STATE]           // state, call, priority, arrived
    cmp     x12, x1
    b.ne    slow
    and     w12, w13, #0xffff
    cmp     w12, #STATE_AWAITING               // and nothing special about the call
    b.ne    slow
    ldr     x12, [x17, #THREAD_SERVER]
    ldr     x14, [sp, #THREAD_COMPONENT]
    cmp     x12, x14
    b.ne    slow
    ldr     x12, [x18, #CORE_TOP]
    ubfx    w13, w13, #16, #8
    cmp     x12, x13
    b.hi    slow                                // somebody between the two is ready
    ldr     x12, [x17, #THREAD_SCHED_CONTEXT]
    ldp     x13, x15, [sp, #THREAD_SCHED_CONTEXT]
    cmp     x12, x13
    b.ne    slow                                // on reserve, or this is another caller's time
    cbnz    x15, slow

    // Committed.
    ldr     x12, [x14, #COMPONENT_ACCOUNT]
    ldr     x16, [x17, #THREAD_COMPONENT]
    mov     w13, #STATE_RECEIVING
    strb    w13, [sp, #THREAD_STATE]
    str     x12, [sp, #THREAD_SCHED_CONTEXT]
    str     xzr, [x17, #THREAD_TIMEOUT]         // and what it had lent: the right ends with the call
    and     x0, x0, #0xfffff                    // label, words; status OK
    mov     x1, #0

// From the running thread to the one in x17, of the component in x16.
switch_thread:
    mov     w12, #STATE_READY
    strb    w12, [x17, #THREAD_STATE]
    save_kept
    mov     sp, x17
    mrs     x12, tpidr_el1
    add     x13, x16, #COMPONENT_VSPACE
    str     x17, [x12, #CORE_CURRENT]
    str     x13, [x12, #CORE_VSPACE]
    ldr     x14, [x16, #COMPONENT_ROOT]
    msr     ttbr0_el1, x14                      // eret is the barrier: nothing below touches user memory
    ldp     x12, x13, [sp, #FRAME_PC]
    ldr     x15, [sp, #FRAME_TLS]
    ldp     x30, x14, [sp, #240]
    msr     elr_el1, x12
    msr     spsr_el1, x13
    msr     sp_el0, x14
    msr     tpidr_el0, x15
    ldr     x19, [sp, #152]
    ldp     x20, x21, [sp, #160]
    ldp     x22, x23, [sp, #176]
    ldp     x24, x25, [sp, #192]
    ldp     x26, x27, [sp, #208]
    ldp     x28, x29, [sp, #224]
    mov     x12, #0
    mov     x13, #0
    mov     x14, #0
    mov     x15, #0
    mov     x16, #0
    mov     x17, #0
    mov     x18, #0
    eret
    dsb     nsh                                 // nothing is fetched or guessed beyond eret
    isb

    .balign 64
    .global fast_signal
fast_signal:
    ldr     w17, [sp, #THREAD_CAP_LIMIT]
    mov     x16, x0
    cmp     x16, x17
    b.hs    slow                                // also: reflected
    ldr     x12, [sp, #THREAD_CAPS]
    csel    x16, x16, xzr, lo
    csdb
    add     x12, x12, x16, lsl #5
    ldp     x13, x15, [x12]                     // the object; generation, type, rights
    ubfx    x16, x15, #32, #8
    cmp     x16, #CAP_TYPE_NOTIFICATION
    b.ne    slow
    tbz     x15, #(40 + 3), slow                // RIGHT_CALL
    ldr     w16, [x13]
    cmp     w16, w15
    b.ne    slow                                // revoked
    ldr     x17, [x13, #NOTIFICATION_RECEIVER]
    ldrb    w14, [x17, #THREAD_STATE]
    cmp     w14, #STATE_RECEIVING
    b.eq    slow                                // it is to be woken

    // Committed.
    ldr     x14, [x12, #CAP_BADGE]
    ldr     x15, [x13, #NOTIFICATION_PENDING]
    mov     w16, #1
    orr     x15, x15, x14
    str     x15, [x13, #NOTIFICATION_PENDING]
    strb    w16, [x17, #THREAD_ARRIVED]
    mov     x0, #0                              // STATUS_OK
    mov     x12, #0
    mov     x13, #0
    mov     x14, #0
    mov     x15, #0
    mov     x16, #0
    mov     x17, #0
    eret
    dsb     nsh
    isb
