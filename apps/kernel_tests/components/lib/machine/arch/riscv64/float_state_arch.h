// f0 to f31, and fcsr. The compiler of riscv64 uses them for floating point only, of which there is none
// here. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define FLOAT_WORDS 32

static inline __attribute__((always_inline)) void float_store(uint64_t words[FLOAT_WORDS])
{
    __asm__ volatile("fsd f0, 0(%0)\n\tfsd f1, 8(%0)\n\tfsd f2, 16(%0)\n\tfsd f3, 24(%0)\n\t"
                     "fsd f4, 32(%0)\n\tfsd f5, 40(%0)\n\tfsd f6, 48(%0)\n\tfsd f7, 56(%0)\n\t"
                     "fsd f8, 64(%0)\n\tfsd f9, 72(%0)\n\tfsd f10, 80(%0)\n\tfsd f11, 88(%0)\n\t"
                     "fsd f12, 96(%0)\n\tfsd f13, 104(%0)\n\tfsd f14, 112(%0)\n\tfsd f15, 120(%0)\n\t"
                     "fsd f16, 128(%0)\n\tfsd f17, 136(%0)\n\tfsd f18, 144(%0)\n\tfsd f19, 152(%0)\n\t"
                     "fsd f20, 160(%0)\n\tfsd f21, 168(%0)\n\tfsd f22, 176(%0)\n\tfsd f23, 184(%0)\n\t"
                     "fsd f24, 192(%0)\n\tfsd f25, 200(%0)\n\tfsd f26, 208(%0)\n\tfsd f27, 216(%0)\n\t"
                     "fsd f28, 224(%0)\n\tfsd f29, 232(%0)\n\tfsd f30, 240(%0)\n\tfsd f31, 248(%0)"
                     :
                     : "r"(words)
                     : "memory");
}

static inline __attribute__((always_inline)) void float_load(const uint64_t words[FLOAT_WORDS])
{
    __asm__ volatile("fld f0, 0(%0)\n\tfld f1, 8(%0)\n\tfld f2, 16(%0)\n\tfld f3, 24(%0)\n\t"
                     "fld f4, 32(%0)\n\tfld f5, 40(%0)\n\tfld f6, 48(%0)\n\tfld f7, 56(%0)\n\t"
                     "fld f8, 64(%0)\n\tfld f9, 72(%0)\n\tfld f10, 80(%0)\n\tfld f11, 88(%0)\n\t"
                     "fld f12, 96(%0)\n\tfld f13, 104(%0)\n\tfld f14, 112(%0)\n\tfld f15, 120(%0)\n\t"
                     "fld f16, 128(%0)\n\tfld f17, 136(%0)\n\tfld f18, 144(%0)\n\tfld f19, 152(%0)\n\t"
                     "fld f20, 160(%0)\n\tfld f21, 168(%0)\n\tfld f22, 176(%0)\n\tfld f23, 184(%0)\n\t"
                     "fld f24, 192(%0)\n\tfld f25, 200(%0)\n\tfld f26, 208(%0)\n\tfld f27, 216(%0)\n\t"
                     "fld f28, 224(%0)\n\tfld f29, 232(%0)\n\tfld f30, 240(%0)\n\tfld f31, 248(%0)"
                     :
                     : "r"(words)
                     : "memory");
}

static inline __attribute__((always_inline)) uint64_t float_status(void)
{
    uint64_t status;

    __asm__ volatile("frcsr %0" : "=r"(status));
    return status;
}
