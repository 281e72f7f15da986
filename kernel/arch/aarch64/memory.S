// memcpy, memmove, memset for the kernel: 128 bytes a turn, through FPU registers, which are some thread's and stay as they are.
// SPDX-License-Identifier: BSD-2-Clause
    .arch_extension fp
    .section .text.memory, "ax"

    .global memcpy, memmove
// x0 = to, x1 = from, x2 = bytes; returns x0
memmove:
    sub     x3, x0, x1
    cmp     x3, x2
    b.lo    backward                // to lies within [from, from + bytes)
memcpy:
    mov     x3, x0
    subs    x2, x2, #128
    b.lo    2f
    stp     q0, q1, [sp, #-128]!
    stp     q2, q3, [sp, #32]
    stp     q4, q5, [sp, #64]
    stp     q6, q7, [sp, #96]
1:  ldp     q0, q1, [x1], #32
    ldp     q2, q3, [x1], #32
    ldp     q4, q5, [x1], #32
    ldp     q6, q7, [x1], #32
    stp     q0, q1, [x3], #32
    stp     q2, q3, [x3], #32
    stp     q4, q5, [x3], #32
    stp     q6, q7, [x3], #32
    subs    x2, x2, #128
    b.hs    1b
    ldp     q2, q3, [sp, #32]
    ldp     q4, q5, [sp, #64]
    ldp     q6, q7, [sp, #96]
    ldp     q0, q1, [sp], #128
2:  adds    x2, x2, #112            // x2 = left - 16
    b.lo    4f
3:  ldp     x4, x5, [x1], #16
    stp     x4, x5, [x3], #16
    subs    x2, x2, #16
    b.hs    3b
4:  adds    x2, x2, #16
    b.eq    6f
5:  ldrb    w4, [x1], #1
    strb    w4, [x3], #1
    subs    x2, x2, #1
    b.ne    5b
6:  ret

backward:
    cbz     x2, 6b
    add     x1, x1, x2
    add     x3, x0, x2
7:  subs    x2, x2, #8
    b.lo    8f
    ldr     x4, [x1, #-8]!
    str     x4, [x3, #-8]!
    b       7b
8:  adds    x2, x2, #8
    b.eq    6b
9:  ldrb    w4, [x1, #-1]!
    strb    w4, [x3, #-1]!
    subs    x2, x2, #1
    b.ne    9b
    ret

    .global memset
// x0 = to, w1 = byte, x2 = bytes; returns x0
memset:
    mov     x3, x0
    and     x1, x1, #0xff
    mov     x4, #0x0101010101010101
    mul     x1, x1, x4
    subs    x2, x2, #256
    b.lo    5f
6:  .rept   16
    stp     x1, x1, [x3], #16
    .endr
    subs    x2, x2, #256
    b.hs    6b
5:  adds    x2, x2, #192            // x2 = left - 64
    b.lo    2f
1:  stp     x1, x1, [x3]
    stp     x1, x1, [x3, #16]
    stp     x1, x1, [x3, #32]
    stp     x1, x1, [x3, #48]
    add     x3, x3, #64
    subs    x2, x2, #64
    b.hs    1b
2:  adds    x2, x2, #64
    b.eq    4f
3:  strb    w1, [x3], #1
    subs    x2, x2, #1
    b.ne    3b
4:  ret
