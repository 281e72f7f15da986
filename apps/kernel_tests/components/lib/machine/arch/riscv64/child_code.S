// See child_code.h.
// SPDX-License-Identifier: BSD-2-Clause
#include <abi/syscall.h>

    .section .text.code, "ax"
    .option norelax
    .global code_start, code_invoke, code_read, code_write, code_spin, code_foreign, code_end
    .balign 8
code_start:

code_invoke:
    li      s1, 0x600000            // CHILD_DATA
    mv      t4, a0
    ld      a0, 0(s1)
    ld      a1, 8(s1)
    ld      a2, 16(s1)
    ld      a3, 24(s1)
    ld      a4, 32(s1)
    ld      a5, 40(s1)
    ld      a6, 48(s1)
    ld      a7, 56(s1)
    ld      t0, 64(s1)
    ld      t1, 72(s1)
    ld      t2, 80(s1)
    ld      t3, 88(s1)
    ecall
    sd      a0, 0(s1)
    sd      a1, 8(s1)
    sd      a2, 16(s1)
    sd      a3, 24(s1)
    sd      a4, 32(s1)
    sd      a5, 40(s1)
    sd      a6, 48(s1)
    sd      a7, 56(s1)
    sd      t0, 64(s1)
    sd      t1, 72(s1)
    sd      t2, 80(s1)
    sd      t3, 88(s1)
    li      a0, 0
exit:
    li      t4, SYS_EXIT
    ecall

code_read:
    ld      a0, 0(a0)
    j       exit

code_write:
    li      s1, 0x600000
    sd      a0, 0(s1)
    ld      a0, -8(sp)
    j       exit

code_spin:
    j       code_spin

code_foreign:
    li      a7, 0x40
    li      a0, 10
    li      a1, 11
    li      a2, 12
    li      a3, 13
    li      a4, 14
    li      a5, 15
    li      s11, 0x27
    ecall
    mv      a7, a0                  // the result is the next number
    li      t4, SYS_EXIT
    ecall                           // foreign as well, whatever its number is here
    unimp
    .balign 8
code_end:
