// Moves the FPU registers of a thread. Besides memcpy, which leaves them as they are, the only kernel code that touches them.
// SPDX-License-Identifier: BSD-2-Clause
    .arch_extension simd
    .section .text, "ax"

.macro all operation
    \operation {v0.2d - v3.2d}, [x0], #64
    \operation {v4.2d - v7.2d}, [x0], #64
    \operation {v8.2d - v11.2d}, [x0], #64
    \operation {v12.2d - v15.2d}, [x0], #64
    \operation {v16.2d - v19.2d}, [x0], #64
    \operation {v20.2d - v23.2d}, [x0], #64
    \operation {v24.2d - v27.2d}, [x0], #64
    \operation {v28.2d - v31.2d}, [x0], #64
.endm

    .global fpu_save
fpu_save:
    all     st1
    mrs     x1, fpcr
    mrs     x2, fpsr
    stp     x1, x2, [x0]
    ret

    .global fpu_load
fpu_load:
    all     ld1
    ldp     x1, x2, [x0]
    msr     fpcr, x1
    msr     fpsr, x2
    ret
