// What every thread of a recorded run executes, on riscv64: steps of the script, see step.h. No thread has memory of its
// own that the run leaves alone, so all share a page, which sp points at: only system calls change threads here.
//
// While a call lasts, s11 is the number of its step, and ra, gp, tp and s0 to s10 are that plus a number of their own.
// SPDX-License-Identifier: BSD-2-Clause
#include <abi/syscall.h>

#include "step.h"

#define MARK 0x400
#define SAVED(n) BOARD_SAVED + 8 * (n)
#define SCRATCH 12       // places of t4 to t6 among the saved ones
#define SCRATCH_END 15
#define KEPT 15          // of ra, gp, tp, s0 to s10
#define KEPT_END 29

    .option norelax

    .macro  take_in word
    xor     s1, s1, \word
    mul     s1, s1, s4
    srli    s5, s1, DIGEST_SHIFT
    xor     s1, s1, s5
    .endm

    .macro  message operation, base, at
    \operation a0, \at(\base)
    \operation a1, \at + 8(\base)
    \operation a2, \at + 16(\base)
    \operation a3, \at + 24(\base)
    \operation a4, \at + 32(\base)
    \operation a5, \at + 40(\base)
    \operation a6, \at + 48(\base)
    \operation a7, \at + 56(\base)
    \operation t0, \at + 64(\base)
    \operation t1, \at + 72(\base)
    \operation t2, \at + 80(\base)
    \operation t3, \at + 88(\base)
    .endm

    .macro  kept operation
    \operation ra, 0
    \operation gp, 1
    \operation tp, 2
    \operation s0, 3
    \operation s1, 4
    \operation s2, 5
    \operation s3, 6
    \operation s4, 7
    \operation s5, 8
    \operation s6, 9
    \operation s7, 10
    \operation s8, 11
    \operation s9, 12
    \operation s10, 13
    .endm

    .macro  save register, number
    sd      \register, SAVED(KEPT + \number)(sp)
    .endm

    .macro  mark register, number
    addi    \register, s11, MARK + KEPT + \number
    .endm

    .section .payload.program, "ax"
    .balign 4096
    .global program
program:
    mv      a1, sp
    li      sp, BOARD_ADDRESS
    call    find_step
    take_in a0
    take_in a1
    j       do_step

// s1 = digest, s2 = number of the step, s3 = the step, s4 = factor, s6 = what is seen. Changes s5 besides.
find_step:
    ld      s1, BOARD_DIGEST(sp)
    ld      s2, BOARD_CURSOR(sp)
    li      s4, DIGEST_FACTOR
    bnez    s2, 1f
    li      s1, DIGEST_START
1:  li      s3, STEP_BYTES
    mul     s3, s2, s3
    li      s5, SCRIPT_ADDRESS
    add     s3, s3, s5
    lwu     s6, STEP_SEEN(s3)
    ret

returned:
    message sd, sp, BOARD_SAVED
    sd      t4, SAVED(12)(sp)
    sd      t5, SAVED(13)(sp)
    sd      t6, SAVED(14)(sp)
    kept    save
    call    find_step
    mv      t0, s6
    addi    t1, sp, BOARD_SAVED
    addi    t2, t1, 8 * 12
1:  andi    t3, t0, 1
    beqz    t3, 2f
    ld      a0, 0(t1)
    take_in a0
2:  srli    t0, t0, 1
    addi    t1, t1, 8
    bne     t1, t2, 1b
    take_in s11
    li      a0, 0                   // whatever is as it should not be
    andi    t0, t0, 1 << (SEEN_MESSAGE - 12)
    addi    t2, sp, SAVED(SCRATCH_END)
    beqz    t0, 4f
3:  ld      t3, 0(t1)
    or      a0, a0, t3
    addi    t1, t1, 8
    bne     t1, t2, 3b
4:  addi    t1, sp, SAVED(KEPT)
    addi    t2, sp, SAVED(KEPT_END)
    addi    t0, s11, MARK + KEPT
5:  ld      t3, 0(t1)
    sub     t3, t3, t0
    or      a0, a0, t3
    addi    t0, t0, 1
    addi    t1, t1, 8
    bne     t1, t2, 5b
    take_in a0

do_step:
    sd      s1, BOARD_DIGEST(sp)
    addi    t0, s2, 1
    sd      t0, BOARD_CURSOR(sp)
    lwu     t0, STEP_PRINT(s3)
    beqz    t0, 1f
    call    print
1:  lwu     t0, STEP_KIND(s3)
    lwu     t4, STEP_NUMBER(s3)
    beqz    t0, do_call
    ld      t2, STEP_WORDS(s3)
    ld      t3, STEP_WORDS + 8(s3)
    addi    t0, t0, -KIND_STEP_STORE
    bnez    t0, 2f
    sd      t3, 0(t2)
    call    find_step
    j       do_step
2:  addi    t0, t0, KIND_STEP_STORE - KIND_STEP_LOAD
    bnez    t0, 3f
    ld      a0, 0(t2)
    call    find_step
    take_in a0
    j       do_step
3:  addi    t0, t0, KIND_STEP_LOAD - KIND_STEP_END
4:  beqz    t0, 4b
    addi    t4, t4, -READS
    bnez    t4, 5f
    ld      a0, 0(t2)
5:  sd      a0, 0(t2)
    j       .                       // it should have faulted

do_call:
    mv      t5, s3
    mv      s11, s2
    kept    mark
    message ld, t5, STEP_WORDS
    not     t6, s11                 // scratch registers are full of something
    ecall
    j       returned

// Prints the number of the step and the digest. s1 to s6 are kept, like all by the call.
print:
    mv      t5, ra
    addi    a1, sp, BOARD_LINE
    li      t0, 's'
    li      t1, ' '
    sb      t0, 0(a1)
    sb      t1, 1(a1)
    addi    a1, a1, 2
    slli    t2, s2, 32
    li      t3, 8
    call    digits
    li      t1, ' '
    sb      t1, 0(a1)
    addi    a1, a1, 1
    mv      t2, s1
    li      t3, 16
    call    digits
    li      t1, '\n'
    sb      t1, 0(a1)
    addi    a1, sp, BOARD_LINE
    li      a0, SLOT_OF_CONSOLE
    li      a2, LINE_BYTES
    li      t4, SYS_CONSOLE_WRITE
    ecall
    jr      t5

// The first t3 digits of t2, to a1.
digits:
    srli    t0, t2, 60
    slli    t2, t2, 4
    li      t1, 10
    addi    t6, t0, '0'
    bltu    t0, t1, 1f
    addi    t6, t0, 'a' - 10
1:  sb      t6, 0(a1)
    addi    a1, a1, 1
    addi    t3, t3, -1
    bnez    t3, digits
    ret
    .balign 4096
