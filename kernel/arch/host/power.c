// Ends of the fake machine: they go back to the test.
// SPDX-License-Identifier: BSD-2-Clause
#include "host.h"

#include <arch/cpu.h>

#include <stdio.h>
#include <stdlib.h>

void host_escape(enum host_end end)
{
    host.end = end;
    if (host.escape == NULL) {
        printf("the fake machine ended (%d, code %u) outside of a test's reach\n%s\n", end, host.code,
               host.console);
        exit(1);
    }
    longjmp(*host.escape, 1);
}

void arch_power_off(uint8_t code)
{
    host.code = code;
    host_escape(HOST_POWER_OFF);
}

void arch_reset(void)
{
    host_escape(HOST_RESET);
}
