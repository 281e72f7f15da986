// See registers.h.
// SPDX-License-Identifier: BSD-2-Clause

#define FRAME 144

    .option norelax

// In the order of the rows.
.macro  each operation:req, base:req
    \operation a0, 0(\base)
    \operation a1, 8(\base)
    \operation a2, 16(\base)
    \operation a3, 24(\base)
    \operation a4, 32(\base)
    \operation a5, 40(\base)
    \operation a6, 48(\base)
    \operation a7, 56(\base)
    \operation t0, 64(\base)
    \operation t1, 72(\base)
    \operation t2, 80(\base)
    \operation t3, 88(\base)
    \operation t4, 96(\base)
    \operation t5, 104(\base)
    \operation t6, 112(\base)
    each_kept \operation, \base, 120
.endm

.macro  each_kept operation:req, base:req, at:req
    \operation s1, \at(\base)
    \operation s2, \at + 8(\base)
    \operation s3, \at + 16(\base)
    \operation s4, \at + 24(\base)
    \operation s5, \at + 32(\base)
    \operation s6, \at + 40(\base)
    \operation s7, \at + 48(\base)
    \operation s8, \at + 56(\base)
    \operation s9, \at + 64(\base)
    \operation s10, \at + 72(\base)
    \operation s11, \at + 80(\base)
    \operation gp, \at + 88(\base)
    \operation tp, \at + 96(\base)
.endm

// The frame record is where the psABI wants it: s0 points behind {s0, ra}.
.macro  registers name:req, between:vararg
    .section .text.\name, "ax"
    .global \name
\name:
    addi    sp, sp, -FRAME
    sd      ra, FRAME - 8(sp)
    sd      s0, FRAME - 16(sp)
    addi    s0, sp, FRAME
    sd      a1, 0(sp)
    each_kept sd, sp, 8
    mv      ra, a0
    each    ld, ra
    \between
    ld      ra, 0(sp)
    each    sd, ra
    each_kept ld, sp, 8
    ld      ra, FRAME - 8(sp)
    ld      s0, FRAME - 16(sp)
    addi    sp, sp, FRAME
    ret
.endm

.macro  half_a_million_turns
    li      ra, 0x80000
1:  addi    ra, ra, -1
    bnez    ra, 1b
.endm

    registers registers_call, ecall
    registers registers_reply_wait, ecall
    registers registers_yield, ecall
    registers registers_spin, half_a_million_turns
