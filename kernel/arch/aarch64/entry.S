// Exception entry and return.
//
// While user code runs, SP_EL1 points at its thread, whose first member is the frame: the entry saves straight
// into it and takes the core's kernel stack. The kernel keeps no state on that stack between entries.
// Exceptions in the kernel are bugs: they change to a stack of their own and panic.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"

#include <abi/syscall.h>
#include <kernel/stacks.h>
#include <numbers.h>

    .section .text, "ax"

.macro vector target
    .balign 0x80
    b       \target
.endm

    .balign 0x800
    .global vectors
vectors:
    vector  kernel_exception        // current level, SP_EL0
    vector  kernel_exception
    vector  kernel_exception
    vector  kernel_exception
    vector  kernel_exception        // current level, SP_ELx
    vector  kernel_exception
    vector  kernel_exception
    vector  kernel_exception
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
    stp     x0, x1, [sp, #0]
    stp     x2, x3, [sp, #16]
    stp     x4, x5, [sp, #32]
    stp     x6, x7, [sp, #48]
    stp     x8, x9, [sp, #64]
    stp     x10, x11, [sp, #80]
    stp     x12, x13, [sp, #96]
    stp     x14, x15, [sp, #112]
    stp     x18, x19, [sp, #144]
    stp     x20, x21, [sp, #160]
    stp     x22, x23, [sp, #176]
    stp     x24, x25, [sp, #192]
    stp     x26, x27, [sp, #208]
    stp     x28, x29, [sp, #224]
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
    ldp     x2, x3, [sp, #16]
    ldp     x4, x5, [sp, #32]
    ldp     x6, x7, [sp, #48]
    ldp     x8, x9, [sp, #64]
    ldp     x10, x11, [sp, #80]
    ldp     x12, x13, [sp, #96]
    ldp     x14, x15, [sp, #112]
    ldp     x16, x17, [sp, #128]
    ldp     x18, x19, [sp, #144]
    ldp     x20, x21, [sp, #160]
    ldp     x22, x23, [sp, #176]
    ldp     x24, x25, [sp, #192]
    ldp     x26, x27, [sp, #208]
    ldp     x28, x29, [sp, #224]
    ldp     x0, x1, [sp, #0]
    eret
    dsb     nsh                     // nothing is fetched or guessed beyond eret
    isb

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

// The stacks of all cores, see kernel/stacks.h. The guard pages between them are not mapped (mmu.c).
    .section .bss.stacks, "aw", %nobits
    .balign 4096
    .global stacks_start, kernel_stack_bottom, kernel_stack_top, panic_stack_bottom, panic_stack_top, stacks_end
stacks_start:
    .skip   4096
kernel_stack_bottom:
    .skip   KERNEL_STACK_BYTES
kernel_stack_top:
    .skip   4096
panic_stack_bottom:
    .skip   PANIC_STACK_BYTES
panic_stack_top:
    .skip   (TENON_CORES - 1) * CORE_STACKS_BYTES + 4096
stacks_end:
    .section .bss.boot, "aw", %nobits
    .balign 16
    .global boot_stack_bottom
boot_stack_bottom:
    .skip   4096
    .global boot_stack_top
boot_stack_top:
