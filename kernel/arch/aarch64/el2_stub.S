// The resident EL2 stub for cores without VHE: vectors and its own stack. It stays at EL2, MMU off,
// when the kernel goes down to EL1, so that EL2 can be entered again. Today it answers HVC #0 with its version
// in x0 and refuses all else with -1; nothing else leads to EL2, since nothing is trapped there.
// SPDX-License-Identifier: BSD-2-Clause
#define EL2_STUB_VERSION 1

    .section .text.el2, "ax"
    .balign 2048
    .global el2_vectors
el2_vectors:
    .rept   8                       // from EL2 itself: a bug of ours, stop here
    .balign 0x80
    b       .
    .endr
    .balign 0x80                    // from EL1, AArch64: synchronous
    mrs     x1, esr_el2
    lsr     x2, x1, #26
    mov     x0, #-1
    cmp     x2, #0x16               // HVC
    b.ne    1f
    and     x1, x1, #0xffff
    cbnz    x1, 1f
    mov     x0, #EL2_STUB_VERSION
1:  eret
    .rept   7
    .balign 0x80
    eret
    .endr

    .section .bss.el2, "aw", %nobits
    .balign 16
    .skip   512
    .global el2_stack_top
el2_stack_top:
