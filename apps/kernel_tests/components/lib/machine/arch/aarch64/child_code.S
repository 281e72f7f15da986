// See child_code.h.
// SPDX-License-Identifier: BSD-2-Clause
#include <abi/syscall.h>

    .section .text.code, "ax"
    .global code_start, code_invoke, code_read, code_write, code_spin, code_foreign, code_end
    .balign 8
code_start:

// The system call of that number: x0..x11 come from CHILD_DATA and go back there, then the component exits.
code_invoke:
    mov     x20, x0
    mov     x19, #0x600000          // CHILD_DATA
    adr     x21, table
    add     x21, x21, x20, lsl #3
    ldp     x0, x1, [x19]
    ldp     x2, x3, [x19, #16]
    ldp     x4, x5, [x19, #32]
    ldp     x6, x7, [x19, #48]
    ldp     x8, x9, [x19, #64]
    ldp     x10, x11, [x19, #80]
    br      x21
    .altmacro
    .macro  entry number
    svc     #\number
    b       store
    .endm
table:
    .set    number, 0
    .rept   SYS_COUNT
    entry   %number
    .set    number, number + 1
    .endr
store:
    stp     x0, x1, [x19]
    stp     x2, x3, [x19, #16]
    stp     x4, x5, [x19, #32]
    stp     x6, x7, [x19, #48]
    stp     x8, x9, [x19, #64]
    stp     x10, x11, [x19, #80]
    mov     x0, #0
    svc     #SYS_EXIT

// Reads the word at x0 and exits with it.
code_read:
    ldr     x0, [x0]
    svc     #SYS_EXIT

// Writes x0 to the first word of its data, reads its stack, and exits with what was there.
code_write:
    mov     x19, #0x600000
    str     x0, [x19]
    ldr     x0, [sp, #-8]
    svc     #SYS_EXIT

code_spin:
    b       code_spin

// Foreign system calls: the number is in x8, the arguments in x0 to x5. Ends as told by the second one's result.
code_foreign:
    mov     x8, #0x40
    mov     x0, #10
    mov     x1, #11
    mov     x2, #12
    mov     x3, #13
    mov     x4, #14
    mov     x5, #15
    mov     x27, #0x27
    svc     #0x123
    mov     x8, x0                  // the result is the next number
    svc     #SYS_EXIT               // foreign as well, whatever its number is here
    udf     #0
    .balign 8
code_end:
