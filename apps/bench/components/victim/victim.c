// Victim: faults as soon as it runs.
// SPDX-License-Identifier: BSD-2-Clause
#include <glue.h>

#include <counter_arch.h>

#include "../stamps.h"

static struct stamps *const stamps = (struct stamps *)REGION_STAMPS_BASE;

int main(void)
{
    stamps->fault = arch_counter();
    *(volatile int *)0 = 0;
    return 1;
}
