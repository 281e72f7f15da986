// memcpy, memmove, memset for the kernel: 1024 and 64 bytes a turn when both ends are aligned.
// SPDX-License-Identifier: BSD-2-Clause
    .section .text.memory, "ax"

.macro block at
    ld      t1, \at(a1)
    ld      t2, \at+8(a1)
    ld      t3, \at+16(a1)
    ld      t4, \at+24(a1)
    ld      t5, \at+32(a1)
    ld      a3, \at+40(a1)
    ld      a4, \at+48(a1)
    ld      a5, \at+56(a1)
    sd      t1, \at(t0)
    sd      t2, \at+8(t0)
    sd      t3, \at+16(t0)
    sd      t4, \at+24(t0)
    sd      t5, \at+32(t0)
    sd      a3, \at+40(t0)
    sd      a4, \at+48(t0)
    sd      a5, \at+56(t0)
.endm

    .global memcpy, memmove
// a0 = to, a1 = from, a2 = bytes; returns a0
memmove:
    sub     t0, a0, a1
    bltu    t0, a2, backward        // to lies within [from, from + bytes)
memcpy:
    mv      t0, a0
    or      t1, a0, a1
    andi    t1, t1, 7
    bnez    t1, 4f
    li      t6, 1024
    bltu    a2, t6, 2f
    andi    a7, a2, -1024
    add     a7, a7, a1
1:  .irp    at, 0, 64, 128, 192, 256, 320, 384, 448, 512, 576, 640, 704, 768, 832, 896, 960
    block   \at
    .endr
    addi    a1, a1, 1024
    addi    t0, t0, 1024
    bne     a1, a7, 1b
    andi    a2, a2, 1023
    beqz    a2, 5f
2:  li      t6, 64
    bltu    a2, t6, 3f
    block   0
    addi    a1, a1, 64
    addi    t0, t0, 64
    addi    a2, a2, -64
    j       2b
3:  li      t6, 8
7:  bltu    a2, t6, 4f
    ld      t1, 0(a1)
    sd      t1, 0(t0)
    addi    a1, a1, 8
    addi    t0, t0, 8
    addi    a2, a2, -8
    j       7b
4:  beqz    a2, 5f
    lbu     t1, 0(a1)
    sb      t1, 0(t0)
    addi    a1, a1, 1
    addi    t0, t0, 1
    addi    a2, a2, -1
    j       4b
5:  ret

backward:
    add     a1, a1, a2
    add     t0, a0, a2
6:  beqz    a2, 5b
    addi    a1, a1, -1
    addi    t0, t0, -1
    lbu     t1, 0(a1)
    sb      t1, 0(t0)
    addi    a2, a2, -1
    j       6b

    .global memset
// a0 = to, a1 = byte, a2 = bytes; returns a0
memset:
    mv      t0, a0
    andi    t1, a0, 7
    bnez    t1, 3f
    andi    a1, a1, 0xff
    slli    t1, a1, 8
    or      t1, a1, t1
    slli    t2, t1, 16
    or      t1, t1, t2
    slli    t2, t1, 32
    or      t1, t1, t2
    li      t6, 256
1:  bltu    a2, t6, 2f
    .set    at, 0
    .rept   32
    sd      t1, at(t0)
    .set    at, at + 8
    .endr
    addi    t0, t0, 256
    addi    a2, a2, -256
    j       1b
2:  li      t6, 8
5:  bltu    a2, t6, 3f
    sd      t1, 0(t0)
    addi    t0, t0, 8
    addi    a2, a2, -8
    j       5b
3:  beqz    a2, 4f
    sb      a1, 0(t0)
    addi    t0, t0, 1
    addi    a2, a2, -1
    j       3b
4:  ret
