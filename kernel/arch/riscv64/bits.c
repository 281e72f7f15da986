// What the compiler calls to count zero bits where the base instruction set has no instruction for it.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/base.h>

int __clzdi2(uint64_t value);
int __ctzdi2(uint64_t value);

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
