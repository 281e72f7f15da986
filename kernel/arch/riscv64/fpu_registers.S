// Moves the FPU registers of a thread. The only kernel code that touches them.
// SPDX-License-Identifier: BSD-2-Clause
    .attribute arch, "rv64gc"
    .option arch, rv64gc
    .section .text, "ax"
.altmacro
.macro one operation number
    \operation f\number, 8 * \number(a0)
.endm
.macro all operation
    .set    i, 0
    .rept   32
    one     \operation, %i
    .set    i, i + 1
    .endr
.endm

    .global fpu_save
fpu_save:
    all     fsd
    frcsr   t0
    sd      t0, 256(a0)
    ret

    .global fpu_load
fpu_load:
    all     fld
    ld      t0, 256(a0)
    fscsr   t0
    ret
