// xmm0 to xmm15, and mxcsr. What follows must not use them on its own. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#pragma GCC target("general-regs-only")

#define FLOAT_WORDS 32

static inline __attribute__((always_inline)) void float_store(uint64_t words[FLOAT_WORDS])
{
    __asm__ volatile("movups %%xmm0, (%0)\n\tmovups %%xmm1, 16(%0)\n\tmovups %%xmm2, 32(%0)\n\t"
                     "movups %%xmm3, 48(%0)\n\tmovups %%xmm4, 64(%0)\n\tmovups %%xmm5, 80(%0)\n\t"
                     "movups %%xmm6, 96(%0)\n\tmovups %%xmm7, 112(%0)\n\tmovups %%xmm8, 128(%0)\n\t"
                     "movups %%xmm9, 144(%0)\n\tmovups %%xmm10, 160(%0)\n\tmovups %%xmm11, 176(%0)\n\t"
                     "movups %%xmm12, 192(%0)\n\tmovups %%xmm13, 208(%0)\n\tmovups %%xmm14, 224(%0)\n\t"
                     "movups %%xmm15, 240(%0)"
                     :
                     : "r"(words)
                     : "memory");
}

static inline __attribute__((always_inline)) void float_load(const uint64_t words[FLOAT_WORDS])
{
    __asm__ volatile("movups (%0), %%xmm0\n\tmovups 16(%0), %%xmm1\n\tmovups 32(%0), %%xmm2\n\t"
                     "movups 48(%0), %%xmm3\n\tmovups 64(%0), %%xmm4\n\tmovups 80(%0), %%xmm5\n\t"
                     "movups 96(%0), %%xmm6\n\tmovups 112(%0), %%xmm7\n\tmovups 128(%0), %%xmm8\n\t"
                     "movups 144(%0), %%xmm9\n\tmovups 160(%0), %%xmm10\n\tmovups 176(%0), %%xmm11\n\t"
                     "movups 192(%0), %%xmm12\n\tmovups 208(%0), %%xmm13\n\tmovups 224(%0), %%xmm14\n\t"
                     "movups 240(%0), %%xmm15"
                     :
                     : "r"(words)
                     : "memory");
}

#define MXCSR_INITIAL 0x1f80u  // all exceptions masked

static inline __attribute__((always_inline)) uint64_t float_status(void)
{
    uint32_t status;

    __asm__ volatile("stmxcsr %0" : "=m"(status));
    return status ^ MXCSR_INITIAL;
}
