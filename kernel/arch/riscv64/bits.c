// What the compiler calls to count bits where the base instruction set has no instruction for it; for components as well.
// SPDX-License-Identifier: BSD-2-Clause
#include <stdint.h>

int __clzdi2(uint64_t value);
int __ctzdi2(uint64_t value);
int __popcountdi2(uint64_t value);

// `value` is not 0.
int __clzdi2(uint64_t value)
{
    int zeros = 0;

    for (unsigned half = 32; half > 0; half /= 2) {
        if (value >> (64 - half) == 0) {
            zeros += (int)half;
            value <<= half;
        }
    }
    return zeros;
}

// `value` is not 0: isolates the lowest bit.
int __ctzdi2(uint64_t value)
{
    return 63 - __clzdi2(value & -value);
}

int __popcountdi2(uint64_t value)
{
    int ones = 0;

    for (; value; value &= value - 1)
        ones++;
    return ones;
}
