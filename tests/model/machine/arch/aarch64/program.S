// What every thread of a recorded run executes, on aarch64: steps of the script, see step.h. No thread has memory of its
// own that the run leaves alone, so all share a page, which sp points at: only system calls change threads here.
//
// While a call lasts, x28 is the number of its step, and x19 to x30 and TPIDR_EL0 are that plus a number of their own.
// SPDX-License-Identifier: BSD-2-Clause
#include <abi/syscall.h>

#include "step.h"

#define MARK 0x1000

    .macro  take_in word
    eor     x20, x20, \word
    mul     x20, x20, x23
    eor     x20, x20, x20, lsr #DIGEST_SHIFT
    .endm

    .section .payload.program, "ax"
    .balign 4096
    .global program
program:
    mov     x1, sp
    movz    x2, #(BOARD_ADDRESS >> 16), lsl #16
    mov     sp, x2
    bl      find_step
    take_in x0
    take_in x1
    b       do_step

// x20 = digest, x21 = number of the step, x22 = the step, x23 = factor, w24 = what is seen. Changes x19 besides.
find_step:
    ldr     x20, [sp, #BOARD_DIGEST]
    ldr     x21, [sp, #BOARD_CURSOR]
    movz    x23, #(DIGEST_FACTOR & 0xffff)
    movk    x23, #(DIGEST_FACTOR >> 16 & 0xffff), lsl #16
    movk    x23, #(DIGEST_FACTOR >> 32 & 0xffff), lsl #32
    movk    x23, #(DIGEST_FACTOR >> 48), lsl #48
    movz    x19, #(DIGEST_START & 0xffff)
    movk    x19, #(DIGEST_START >> 16), lsl #16
    cmp     x21, #0
    csel    x20, x19, x20, eq
    mov     x22, #STEP_BYTES
    movz    x19, #(SCRIPT_ADDRESS >> 16), lsl #16
    madd    x22, x21, x22, x19
    ldr     w24, [x22, #STEP_SEEN]
    ret

returned:
    stp     x0, x1, [sp, #BOARD_SAVED]
    stp     x2, x3, [sp, #BOARD_SAVED + 16]
    stp     x4, x5, [sp, #BOARD_SAVED + 32]
    stp     x6, x7, [sp, #BOARD_SAVED + 48]
    stp     x8, x9, [sp, #BOARD_SAVED + 64]
    stp     x10, x11, [sp, #BOARD_SAVED + 80]
    stp     x12, x13, [sp, #BOARD_SAVED + 96]
    stp     x14, x15, [sp, #BOARD_SAVED + 112]
    stp     x16, x17, [sp, #BOARD_SAVED + 128]
    stp     x18, x19, [sp, #BOARD_SAVED + 144]
    stp     x20, x21, [sp, #BOARD_SAVED + 160]
    stp     x22, x23, [sp, #BOARD_SAVED + 176]
    stp     x24, x25, [sp, #BOARD_SAVED + 192]
    stp     x26, x27, [sp, #BOARD_SAVED + 208]
    stp     x28, x29, [sp, #BOARD_SAVED + 224]
    mrs     x0, tpidr_el0
    stp     x30, x0, [sp, #BOARD_SAVED + 240]
    bl      find_step
    add     x1, sp, #BOARD_SAVED
    mov     x2, #0
1:  lsr     w3, w24, w2
    tbz     w3, #0, 2f
    ldr     x0, [x1, x2, lsl #3]
    take_in x0
2:  add     x2, x2, #1
    cmp     x2, #12
    b.ne    1b
    take_in x28
    mov     x0, #0                  // whatever is as it should not be
    tbz     w24, #SEEN_MESSAGE, 4f
3:  ldr     x3, [x1, x2, lsl #3]
    orr     x0, x0, x3
    add     x2, x2, #1
    cmp     x2, #19
    b.ne    3b
4:  mov     x2, #19
5:  ldr     x3, [x1, x2, lsl #3]
    sub     x3, x3, x28
    sub     x3, x3, x2
    sub     x3, x3, #MARK
    cmp     x2, #28
    csel    x3, xzr, x3, eq
    orr     x0, x0, x3
    add     x2, x2, #1
    cmp     x2, #32
    b.ne    5b
    take_in x0

do_step:
    str     x20, [sp, #BOARD_DIGEST]
    add     x0, x21, #1
    str     x0, [sp, #BOARD_CURSOR]
    ldr     w0, [x22, #STEP_PRINT]
    cbz     w0, 1f
    bl      print
1:  ldp     w0, w1, [x22]           // kind, number
    cbz     w0, do_call
    ldp     x2, x3, [x22, #STEP_WORDS]
    cmp     w0, #KIND_STEP_LOAD
    b.eq    do_load
    b.hi    2f
    str     x3, [x2]
    bl      find_step
    b       do_step
2:  cmp     w0, #KIND_STEP_END
3:  b.eq    3b
    cmp     w1, #READS
    b.ne    4f
    ldr     x0, [x2]
4:  str     x0, [x2]
    b       .                       // it should have faulted

do_load:
    ldr     x0, [x2]
    bl      find_step
    take_in x0
    b       do_step

do_call:
    mov     x18, x22
    mov     x28, x21
    adr     x17, calls
    add     x17, x17, x1, lsl #3
    add     x0, x28, #MARK
    add     x19, x0, #19
    add     x20, x0, #20
    add     x21, x0, #21
    add     x22, x0, #22
    add     x23, x0, #23
    add     x24, x0, #24
    add     x25, x0, #25
    add     x26, x0, #26
    add     x27, x0, #27
    add     x29, x0, #29
    add     x30, x0, #30
    add     x1, x0, #31
    msr     tpidr_el0, x1
    ldp     x0, x1, [x18, #STEP_WORDS]
    ldp     x2, x3, [x18, #STEP_WORDS + 16]
    ldp     x4, x5, [x18, #STEP_WORDS + 32]
    ldp     x6, x7, [x18, #STEP_WORDS + 48]
    ldp     x8, x9, [x18, #STEP_WORDS + 64]
    ldp     x10, x11, [x18, #STEP_WORDS + 80]
    mvn     x12, x28                // scratch registers are full of something
    mvn     x13, x28
    mvn     x14, x28
    mvn     x15, x28
    mvn     x16, x28
    br      x17

    .altmacro
    .macro  entry number
    svc     #\number
    b       returned
    .endm
calls:
    .set    number, 0
    .rept   SYS_COUNT + 1
    entry   %number
    .set    number, number + 1
    .endr

// Prints the number of the step and the digest. x20 to x24 are kept, like all by the call.
print:
    add     x1, sp, #BOARD_LINE
    mov     w2, #'s'
    mov     w3, #' '
    strb    w2, [x1], #1
    strb    w3, [x1], #1
    lsl     x2, x21, #32
    mov     w4, #8
    mov     x5, x30
    bl      digits
    strb    w3, [x1], #1
    mov     x2, x20
    mov     w4, #16
    bl      digits
    mov     w3, #'\n'
    strb    w3, [x1], #1
    add     x1, sp, #BOARD_LINE
    mov     x0, #SLOT_OF_CONSOLE
    mov     x2, #LINE_BYTES
    svc     #SYS_CONSOLE_WRITE
    ret     x5

// The first w4 digits of x2, to x1.
digits:
    ror     x2, x2, #60
    and     w6, w2, #15
    cmp     w6, #10
    mov     w7, #'0'
    mov     w8, #('a' - 10)
    csel    w7, w7, w8, lo
    add     w6, w6, w7
    strb    w6, [x1], #1
    subs    w4, w4, #1
    b.ne    digits
    ret
    .balign 4096
