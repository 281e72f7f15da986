// Entry of every thread: x0 = its index in the component, sp = its stack, all else zero.
// SPDX-License-Identifier: BSD-2-Clause

    .section .text._start, "ax"
    .globl _start
    .type _start, %function
_start:
    mov     x29, xzr            // ends the chain of frames for a backtrace
    mov     x30, xzr
    bl      runtime_start
    brk     #0                  // runtime_start does not return
    .size _start, . - _start
