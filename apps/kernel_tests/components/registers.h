// System calls with every register chosen and every register seen, for aarch64.
// Include it in one file of a component, whose component.yaml says `stack_extern: {registers_call: 112}` for
// each one it uses. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

#define REGISTERS 29  // x0 to x28; x29 and x30 hold the frame

// Loads x0..x28 from `in`, makes the system call, stores them to `out`.
void registers_call(const uint64_t in[REGISTERS], uint64_t out[REGISTERS]);
void registers_reply_wait(const uint64_t in[REGISTERS], uint64_t out[REGISTERS]);
void registers_yield(const uint64_t in[REGISTERS], uint64_t out[REGISTERS]);

// The same without a system call: half a million turns of a loop.
void registers_spin(const uint64_t in[REGISTERS], uint64_t out[REGISTERS]);

// clang-format off
#define REGISTERS_FUNCTION(name, between)                                                                               \
    __asm__(".section .text." name ", \"ax\"\n"                                                                        \
            ".global " name "\n" name ":\n"                                                                            \
            "    stp x29, x30, [sp, #-112]!\n"                                                                         \
            "    mov x29, sp\n"                                                                                        \
            "    stp x19, x20, [sp, #16]\n    stp x21, x22, [sp, #32]\n    stp x23, x24, [sp, #48]\n"                  \
            "    stp x25, x26, [sp, #64]\n    stp x27, x28, [sp, #80]\n    str x1, [sp, #96]\n"                        \
            "    mov x30, x0\n"                                                                                        \
            "    ldp x0, x1, [x30]\n          ldp x2, x3, [x30, #16]\n     ldp x4, x5, [x30, #32]\n"                   \
            "    ldp x6, x7, [x30, #48]\n     ldp x8, x9, [x30, #64]\n     ldp x10, x11, [x30, #80]\n"                 \
            "    ldp x12, x13, [x30, #96]\n   ldp x14, x15, [x30, #112]\n  ldp x16, x17, [x30, #128]\n"                \
            "    ldp x18, x19, [x30, #144]\n  ldp x20, x21, [x30, #160]\n  ldp x22, x23, [x30, #176]\n"                \
            "    ldp x24, x25, [x30, #192]\n  ldp x26, x27, [x30, #208]\n  ldr x28, [x30, #224]\n"                     \
            "    " between "\n"                                                                                       \
            "    ldr x30, [sp, #96]\n"                                                                                 \
            "    stp x0, x1, [x30]\n          stp x2, x3, [x30, #16]\n     stp x4, x5, [x30, #32]\n"                   \
            "    stp x6, x7, [x30, #48]\n     stp x8, x9, [x30, #64]\n     stp x10, x11, [x30, #80]\n"                 \
            "    stp x12, x13, [x30, #96]\n   stp x14, x15, [x30, #112]\n  stp x16, x17, [x30, #128]\n"                \
            "    stp x18, x19, [x30, #144]\n  stp x20, x21, [x30, #160]\n  stp x22, x23, [x30, #176]\n"                \
            "    stp x24, x25, [x30, #192]\n  stp x26, x27, [x30, #208]\n  str x28, [x30, #224]\n"                     \
            "    ldp x19, x20, [sp, #16]\n    ldp x21, x22, [sp, #32]\n    ldp x23, x24, [sp, #48]\n"                  \
            "    ldp x25, x26, [sp, #64]\n    ldp x27, x28, [sp, #80]\n"                                               \
            "    ldp x29, x30, [sp], #112\n"                                                                           \
            "    ret\n"                                                                                                \
            "    .previous\n")
// clang-format on

REGISTERS_FUNCTION("registers_call", "svc #0");
REGISTERS_FUNCTION("registers_reply_wait", "svc #1");
REGISTERS_FUNCTION("registers_yield", "svc #11");
REGISTERS_FUNCTION("registers_spin", "movz x30, #8, lsl #16\n1:  subs x30, x30, #1\n    b.ne 1b");
