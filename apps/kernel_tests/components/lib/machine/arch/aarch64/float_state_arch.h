// q0 to q31, two words each, and FPSR. SPDX-License-Identifier: BSD-2-Clause
#pragma once
#pragma GCC target("general-regs-only")

#define FLOAT_WORDS 64

static inline __attribute__((always_inline)) void float_store(uint64_t words[FLOAT_WORDS])
{
    __asm__ volatile(
        "stp q0, q1, [%0]\n\tstp q2, q3, [%0, #32]\n\tstp q4, q5, [%0, #64]\n\tstp q6, q7, [%0, #96]\n\t"
        "stp q8, q9, [%0, #128]\n\tstp q10, q11, [%0, #160]\n\tstp q12, q13, [%0, #192]\n\t"
        "stp q14, q15, [%0, #224]\n\tstp q16, q17, [%0, #256]\n\tstp q18, q19, [%0, #288]\n\t"
        "stp q20, q21, [%0, #320]\n\tstp q22, q23, [%0, #352]\n\tstp q24, q25, [%0, #384]\n\t"
        "stp q26, q27, [%0, #416]\n\tstp q28, q29, [%0, #448]\n\tstp q30, q31, [%0, #480]"
        :
        : "r"(words)
        : "memory");
}

static inline __attribute__((always_inline)) void float_load(const uint64_t words[FLOAT_WORDS])
{
    __asm__ volatile(
        "ldp q0, q1, [%0]\n\tldp q2, q3, [%0, #32]\n\tldp q4, q5, [%0, #64]\n\tldp q6, q7, [%0, #96]\n\t"
        "ldp q8, q9, [%0, #128]\n\tldp q10, q11, [%0, #160]\n\tldp q12, q13, [%0, #192]\n\t"
        "ldp q14, q15, [%0, #224]\n\tldp q16, q17, [%0, #256]\n\tldp q18, q19, [%0, #288]\n\t"
        "ldp q20, q21, [%0, #320]\n\tldp q22, q23, [%0, #352]\n\tldp q24, q25, [%0, #384]\n\t"
        "ldp q26, q27, [%0, #416]\n\tldp q28, q29, [%0, #448]\n\tldp q30, q31, [%0, #480]"
        :
        : "r"(words)
        : "memory");
}

static inline __attribute__((always_inline)) uint64_t float_status(void)
{
    uint64_t status;

    __asm__ volatile("mrs %0, fpsr" : "=r"(status));
    return status;
}
