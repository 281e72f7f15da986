// Entry of every thread: rdi = its index in the component, rsp = its stack, all else zero.
// SPDX-License-Identifier: BSD-2-Clause

    .section .text._start, "ax"
    .globl _start
    .type _start, @function
_start:
    xor     %ebp, %ebp          // ends the chain of frames for a backtrace
    call    runtime_start
    ud2                         // runtime_start does not return
    .size _start, . - _start
