// The time counter and the firmware's timer (RISC-V SBI 1.0, chapter 6).
// SPDX-License-Identifier: BSD-2-Clause
#include "riscv64.h"

#include <arch/cpu.h>
#include <kernel/layout.h>
#include <kernel/timer.h>

#define NANOS_PER_SECOND 1000000000ull

static uint64_t boot_time;
static uint64_t nanos_per_count; // 32.32 fixed point
static uint64_t counts_per_nano; // 32.32 fixed point, rounded up

static uint64_t scale(uint64_t value, uint64_t factor)
{
    return (uint64_t)((unsigned __int128)value * factor >> 32);
}

static uint64_t read_time(void)
{
    uint64_t time;

    __asm__ volatile("rdtime %0" : "=r"(time));
    return time;
}

void timer_init(uint64_t start)
{
    uint64_t frequency = layout_board.timer_frequency;

    nanos_per_count = (NANOS_PER_SECOND << 32) / frequency;
    counts_per_nano = (frequency << 32) / NANOS_PER_SECOND + 1;
    boot_time = start;
}

nanos_t arch_clock(void)
{
    return scale(read_time() - boot_time, nanos_per_count);
}

void arch_timer_set(nanos_t when)
{
    uint64_t count = scale(when, counts_per_nano);

    // Beyond what the counter reaches means never.
    if (when == NEVER || when >> 32 > UINT64_MAX / counts_per_nano || boot_time + count + 1 < count)
        sbi_call(SBI_TIME, 0, UINT64_MAX, 0, 0);
    else
        sbi_call(SBI_TIME, 0, boot_time + count + 1, 0, 0);
}
