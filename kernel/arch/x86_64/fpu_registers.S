// Moves the FPU registers of a thread. The only kernel code that touches them.
// SPDX-License-Identifier: BSD-2-Clause
    .section .text, "ax"

    .global fpu_save
fpu_save:
    fxsave64 (%rdi)
    ret

    .global fpu_load
fpu_load:
    fxrstor64 (%rdi)
    ret
