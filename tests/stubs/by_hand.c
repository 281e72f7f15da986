// Calls as one would write them by hand, for comparison with the generated stubs.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

enum status by_stub(uint64_t a, uint64_t b, uint64_t *sum);
enum status by_hand(uint64_t a, uint64_t b, uint64_t *sum);
enum status by_hand_array(const uint64_t words[3], uint64_t answer[3]);

// --- Two values and one answer

enum status by_stub(uint64_t a, uint64_t b, uint64_t *sum)
{
    return u0_add(a, b, sum);
}

enum status by_hand(uint64_t a, uint64_t b, uint64_t *sum)
{
    register uint64_t x0 __asm__("x0") = (uint64_t)SLOT_USE_U0 << 32 | 2 << 16 | 1;
    register uint64_t x1 __asm__("x1") = 0;
    register uint64_t x2 __asm__("x2") = a;
    register uint64_t x3 __asm__("x3") = b;
    register uint64_t x4 __asm__("x4") = 0, x5 __asm__("x5") = 0, x6 __asm__("x6") = 0, x7 __asm__("x7") = 0;
    register uint64_t x8 __asm__("x8") = 0, x9 __asm__("x9") = 0, x10 __asm__("x10") = 0,
                         x11 __asm__("x11") = 0;

    __asm__ volatile("svc #0"
                     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7),
                       "+r"(x8), "+r"(x9), "+r"(x10), "+r"(x11)
                     :
                     : "x12", "x13", "x14", "x15", "x16", "x17", "x18", "memory", "cc");
    if (x0 != 1 << 16)
        return call_failure(x0, 0);
    *sum = x2;
    return STATUS_OK;
}

// --- An array each way: the stub is a function of its own, u0_turn

enum status by_hand_array(const uint64_t words[3], uint64_t answer[3])
{
    register uint64_t x0 __asm__("x0") = (uint64_t)SLOT_USE_U0 << 32 | 3 << 16 | 2;
    register uint64_t x1 __asm__("x1") = 0;
    register uint64_t x2 __asm__("x2") = words[0], x3 __asm__("x3") = words[1], x4 __asm__("x4") = words[2];
    register uint64_t x5 __asm__("x5") = 0, x6 __asm__("x6") = 0, x7 __asm__("x7") = 0;
    register uint64_t x8 __asm__("x8") = 0, x9 __asm__("x9") = 0, x10 __asm__("x10") = 0,
                         x11 __asm__("x11") = 0;

    __asm__ volatile("svc #0"
                     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7),
                       "+r"(x8), "+r"(x9), "+r"(x10), "+r"(x11)
                     :
                     : "x12", "x13", "x14", "x15", "x16", "x17", "x18", "memory", "cc");
    if (x0 != 3 << 16)
        return call_failure(x0, 0);
    answer[0] = x2;
    answer[1] = x3;
    answer[2] = x4;
    return STATUS_OK;
}
