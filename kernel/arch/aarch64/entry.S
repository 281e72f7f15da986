// Exception entry and return.
//
// While user code runs, SP_EL1 points at its thread, whose first member is the frame: the entry saves straight
// into it and takes the core's kernel stack. The kernel keeps no state on that stack between entries.
// Exceptions in the kernel are bugs: they change to a stack of their own and panic.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"

#include <abi/syscall.h>
#include <numbers.h>

    .section .text, "ax"

.macro vector target
    .balign 0x80
    b       \target
.endm

    .balign 0x800
    .global vectors
vectors:
    .rept   8                       // current level: SP_EL0, SP_ELx
    vector  kernel_exception
    .endr
    .balign 0x80                    // user level, AArch64
// The calls that have fast paths come first. All leave to `slow` with the user's registers as they were.
    stp     x16, x17, [sp, #128]
    mrs     x16, esr_el1
    mov     w17, #ESR_SVC           // class SVC, 32-bit instruction, immediate 0
    subs    x16, x16, x17
    b.eq    fast_call
    cmp     x16, #SYS_REPLY_WAIT
    b.eq    fast_reply_wait
    cmp     x16, #SYS_SIGNAL
    b.eq    fast_signal
    cmp     x16, #SYS_COUNT
    b.lo    quick
    b       slow
    vector  user_interrupt
    vector  user_interrupt          // FIQ: the GIC gives group 1 only, so this is spurious
    vector  user_other              // SError
    vector  user_other              // user level, AArch32: never entered
    vector  user_other
    vector  user_other
    vector  user_other

// Saves everything but x16, x17; x0 = the thread, sp = the kernel stack.
.macro save_others
    pairs   stp, 0, 15
    pairs   stp, 18, 29
    mrs     x1, sp_el0
    stp     x30, x1, [sp, #240]
    mrs     x1, elr_el1
    mrs     x2, spsr_el1
    stp     x1, x2, [sp, #FRAME_PC]
    mrs     x1, tpidr_el0
    str     x1, [sp, #FRAME_TLS]
    mov     x0, sp
    mrs     x1, tpidr_el1
    ldr     x1, [x1, #CORE_KERNEL_STACK]
    mov     sp, x1
    mov     x29, xzr
.endm

user_other:
    stp     x16, x17, [sp, #128]
    .global slow
slow:
    save_others
    mrs     x1, esr_el1
    mrs     x2, far_el1
    bl      aarch64_exception
    b       resume

// A signal, of the bits in x14, to the thread in x17, which waits.
    .global wake_receiver
wake_receiver:
    save_others
    mov     x19, x17
    mov     x20, x14
    mov     x1, x17
    mov     x2, x14
    bl      sched_wake
    cbnz    x0, resume
    b       woken

user_interrupt:
    stp     x16, x17, [sp, #128]
    save_others
    bl      aarch64_interrupt
    b       resume

// Returns to user code. x0 = the thread.
    .global resume
resume:
    mov     sp, x0
    ldr     x1, [sp, #FRAME_TLS]
    msr     tpidr_el0, x1
    ldp     x1, x2, [sp, #FRAME_PC]
    msr     elr_el1, x1
    msr     spsr_el1, x2
    ldp     x30, x1, [sp, #240]
    msr     sp_el0, x1
    pairs   ldp, 2, 29
    ldp     x0, x1, [sp, #0]
    to_user

// The kernel stack may be what broke, so the panic has its own.
kernel_exception:
    mov     x0, sp
    mrs     x1, tpidr_el1
    ldr     x1, [x1, #CORE_PANIC_STACK]
    mov     sp, x1
    mov     x3, x0                  // sp at the exception
    mrs     x0, esr_el1
    mrs     x1, far_el1
    mrs     x2, elr_el1
    mov     x4, x29
    bl      aarch64_kernel_exception
    b       .
