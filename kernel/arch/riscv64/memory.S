// memcpy, memmove, memset for the kernel: 64 bytes a turn when both ends are aligned alike.
// SPDX-License-Identifier: BSD-2-Clause
    .section .text.memory, "ax"

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
    li      t6, 64
1:  bltu    a2, t6, 2f
    ld      t1, 0(a1)
    ld      t2, 8(a1)
    ld      t3, 16(a1)
    ld      t4, 24(a1)
    ld      t5, 32(a1)
    ld      a3, 40(a1)
    ld      a4, 48(a1)
    ld      a5, 56(a1)
    sd      t1, 0(t0)
    sd      t2, 8(t0)
    sd      t3, 16(t0)
    sd      t4, 24(t0)
    sd      t5, 32(t0)
    sd      a3, 40(t0)
    sd      a4, 48(t0)
    sd      a5, 56(t0)
    addi    a1, a1, 64
    addi    t0, t0, 64
    addi    a2, a2, -64
    j       1b
2:  li      t6, 8
3:  bltu    a2, t6, 4f
    ld      t1, 0(a1)
    sd      t1, 0(t0)
    addi    a1, a1, 8
    addi    t0, t0, 8
    addi    a2, a2, -8
    j       3b
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
    li      t6, 64
1:  bltu    a2, t6, 3f
    sd      t1, 0(t0)
    sd      t1, 8(t0)
    sd      t1, 16(t0)
    sd      t1, 24(t0)
    sd      t1, 32(t0)
    sd      t1, 40(t0)
    sd      t1, 48(t0)
    sd      t1, 56(t0)
    addi    t0, t0, 64
    addi    a2, a2, -64
    j       1b
3:  beqz    a2, 4f
    sb      a1, 0(t0)
    addi    t0, t0, 1
    addi    a2, a2, -1
    j       3b
4:  ret
