// Clock and timer of the fake machine: two numbers.
// SPDX-License-Identifier: BSD-2-Clause
#include "host.h"

#include <arch/cpu.h>

nanos_t arch_clock(void)
{
    return host.now;
}

void arch_timer_set(nanos_t when)
{
    host.timer = when;
}
