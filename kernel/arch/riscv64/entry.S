// Trap entry and return.
//
// While user code runs, sscratch holds its thread, whose first member is the frame: the entry swaps it with sp, saves
// straight into it and takes the core's kernel stack. In the kernel sscratch is 0, which tells a trap of the kernel's
// own apart: a bug, that changes to a stack of its own and panics.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"

#include <abi/syscall.h>
#include <numbers.h>

    .section .text, "ax"
    .option norelax

.macro each operation first last
    .set    i, \first
    .rept   \last - \first + 1
    each_one \operation, %i
    .set    i, i + 1
    .endr
.endm
.altmacro
.macro each_one operation number
    \operation x\number, 8 * \number(sp)
.endm

// Saves all but t5 and t6; `forward`: how far the pc goes on. a0 = the thread, tp and sp = the core's; t3 to t6 are kept.
.macro save forward
    sd      x1, 8(sp)
    each    sd 3 29
    csrrw   t0, sscratch, zero
    csrr    t1, sepc
    csrr    t2, sstatus
    .if \forward
    addi    t1, t1, \forward
    .endif
    sd      t0, 8 * 2(sp)
    sd      t1, FRAME_PC(sp)
    sd      t2, FRAME_STATUS(sp)
    mv      a0, sp
    ld      t0, THREAD_COMPONENT(sp)
    ld      tp, COMPONENT_CORE(t0)
    ld      sp, CORE_KERNEL_STACK(tp)
    mv      s0, zero
.endm

    .balign 4
    .global trap_entry
trap_entry:
    csrrw   sp, sscratch, sp
    beqz    sp, kernel_trap
    sd      t5, 8 * 30(sp)
    sd      t6, 8 * 31(sp)
    csrr    t5, scause
    addi    t5, t5, -CAUSE_USER_ECALL
    bnez    t5, slow
    beqz    t4, fast_call           // SYS_CALL
    addi    t5, t4, -SYS_REPLY_WAIT
    beqz    t5, fast_reply_wait
    addi    t5, t4, -SYS_SIGNAL
    beqz    t5, fast_signal
    sltiu   t5, t4, SYS_COUNT
    bnez    t5, quick
    // All leave to here with the user's registers as they were, but t5 and t6, which are in the frame.
    .global slow
slow:
    save    0
    csrr    a1, scause
    csrr    a2, stval
    call    riscv64_trap

// Returns to user code. a0 = the thread.
    .global resume
resume:
    csrw    sscratch, a0
    mv      sp, a0
    ld      t0, FRAME_PC(sp)
    ld      t1, FRAME_STATUS(sp)
    csrw    sepc, t0
    csrw    sstatus, t1
    ld      x1, 8(sp)
    each    ld 3 31
    ld      sp, 8 * 2(sp)
    sret

// A signal, of the bits in t4, to the thread in t6, which waits.
    .global wake_receiver
wake_receiver:
    save    4
    mv      s1, t6
    mv      s2, t4
    mv      a1, t6
    mv      a2, t4
    call    sched_wake
    bnez    a0, resume
    j       woken

// The kernel stack may be what broke, so the panic has its own.
kernel_trap:
    csrr    a3, sscratch            // sp at the trap
    ld      sp, CORE_PANIC_STACK(tp)
    csrr    a0, scause
    csrr    a1, stval
    csrr    a2, sepc
    mv      a4, s0
    csrw    sscratch, zero
    call    riscv64_kernel_trap
1:  j       1b
