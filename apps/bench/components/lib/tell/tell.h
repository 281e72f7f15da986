// Tells a plugin of QEMU what was just measured; nobody else notices. The architecture's part is in
// arch/<isa>/tell_arch.h:
//   TELL(number)    an instruction that does nothing and carries the number, of 11 bits
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

#include <tell_arch.h>

// A plugin knows these two numbers, too.
#define TELL_ZERO 0x650
#define TELL_ONE 0x651

// Of the readings of the counter for each sample, the numbers of those between which the operation is, and
// how often it is there.
struct tell_readings {
    uint8_t each, from, to, times;
};

static inline void tell_byte(uint8_t byte)
{
    for (unsigned bit = 0; bit < 8; bit++)
        if (byte >> bit & 1)
            TELL(TELL_ONE);
        else
            TELL(TELL_ZERO);
}

// The last readings of the counter were those of samples of this operation.
static inline void tell_operation(const char *name, struct tell_readings readings)
{
    do
        tell_byte((uint8_t)*name);
    while (*name++ != 0);
    tell_byte(readings.each);
    tell_byte(readings.from);
    tell_byte(readings.to);
    tell_byte(readings.times);
}
