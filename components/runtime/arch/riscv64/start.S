// Entry of every thread: a0 = its index in the component, sp = its stack, all else zero.
// SPDX-License-Identifier: BSD-2-Clause

    .section .text._start, "ax"
    .globl _start
    .type _start, %function
_start:
    li      s0, 0               // ends the chain of frames for a backtrace
    li      ra, 0
    call    runtime_start
    ebreak                      // runtime_start does not return
    .size _start, . - _start
