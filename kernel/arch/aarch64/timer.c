// The generic timer (Arm ARM D12): the physical timer of the level we run at. With VHE at EL2 the CNTP names
// act on the EL2 timer, whose interrupt is another one.
// SPDX-License-Identifier: BSD-2-Clause
#include "aarch64.h"
#include "registers.h"

#include <arch/cpu.h>
#include <kernel/timer.h>

#define INTID_EL2_PHYSICAL 26
#define INTID_EL1_PHYSICAL 30
#define NANOS_PER_SECOND 1000000000ull
#define FARTHEST (1ull << 60) // 36 years; its count fits at any frequency. A later deadline is set again by then

static uint64_t boot_count;
static uint64_t nanos_per_count; // 32.32 fixed point
static uint64_t counts_per_nano; // 32.32 fixed point, rounded up

static uint64_t count(void)
{
    ISB(); // not read ahead of what came before
    return READ_REGISTER(cntpct_el0);
}

static uint64_t scale(uint64_t value, uint64_t factor)
{
    return (uint64_t)((unsigned __int128)value * factor >> 32);
}

void timer_init(uint64_t start)
{
    uint64_t frequency = READ_REGISTER(cntfrq_el0);

    nanos_per_count = (NANOS_PER_SECOND << 32) / frequency;
    counts_per_nano = (frequency << 32) / NANOS_PER_SECOND + 1;
    boot_count = start;
}

uint32_t timer_intid(void)
{
    return aarch64_mode == MODE_EL2_VHE ? INTID_EL2_PHYSICAL : INTID_EL1_PHYSICAL;
}

nanos_t arch_clock(void)
{
    return scale(count() - boot_count, nanos_per_count);
}

void arch_timer_set(nanos_t when)
{
    if (when == NEVER) {
        WRITE_REGISTER(cntp_ctl_el0, 0);
        ISB();
        return;
    }
    if (when > FARTHEST)
        when = FARTHEST;
    // From now on, not from boot: the factor's rounding must not grow with the uptime.
    uint64_t now = count();
    nanos_t past = scale(now - boot_count, nanos_per_count);

    WRITE_REGISTER(cntp_cval_el0, now + (when > past ? scale(when - past, counts_per_nano) + 1 : 0));
    WRITE_REGISTER(cntp_ctl_el0, 1);
    ISB();
}
