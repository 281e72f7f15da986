// The time-stamp counter and the local APIC's timer, both measured by the HPET at boot (IA-PC HPET 1.0a, 2.3).
// SPDX-License-Identifier: BSD-2-Clause
#include "x86_64.h"

#include <arch/cpu.h>
#include <arch/mmu.h>
#include <kernel/layout.h>
#include <kernel/timer.h>

#define HPET_PERIOD 0x4   // femtoseconds a count
#define HPET_CONTROL 0x10
#define HPET_RUN 1u
#define HPET_COUNT 0xf0
#define FEMTOS_PER_NANO 1000000ull
#define PERIOD_MAX 100000000u // the specification's
#define MEASURED 50000ull     // ns that are measured

#define APIC_TIMER_INITIAL 0x380
#define APIC_TIMER_COUNT 0x390
#define APIC_TIMER_DIVIDE 0x3e0
#define DIVIDE_BY_1 0xb
#define COUNTS_MAX 0xffffffffull
#define SAMPLES 8

static uint64_t boot_stamp;
static uint64_t nanos_per_stamp; // 32.32 fixed point
static uint64_t counts_per_nano; // 32.32 fixed point

static uint64_t scale(uint64_t value, uint64_t factor)
{
    return (uint64_t)((unsigned __int128)value * factor >> 32);
}

struct sample {
    uint64_t stamp;
    uint32_t time, count; // of the HPET, and of the timer, which counts down
};

// All three clocks at one moment: of several tries the one that took the shortest.
static struct sample sample(volatile char *hpet)
{
    struct sample best = {0};
    uint64_t shortest = UINT64_MAX;

    for (unsigned i = 0; i < SAMPLES; i++) {
        uint64_t before = read_tsc();
        uint32_t time = *(volatile uint32_t *)(hpet + HPET_COUNT), count = local_apic_read(APIC_TIMER_COUNT);
        uint64_t took = read_tsc() - before;

        if (took < shortest) {
            shortest = took;
            best = (struct sample){before, time, count};
        }
    }
    return best;
}

static void measure(volatile char *hpet, uint64_t period)
{
    uint32_t counts = (uint32_t)(MEASURED * FEMTOS_PER_NANO / period);

    local_apic_write(APIC_TIMER_DIVIDE, DIVIDE_BY_1);
    local_apic_write(APIC_TIMER_INITIAL, COUNTS_MAX);
    struct sample first = sample(hpet);

    while (*(volatile uint32_t *)(hpet + HPET_COUNT) - first.time < counts)
        ;
    struct sample last = sample(hpet);
    uint64_t nanos = (uint64_t)(last.time - first.time) * period / FEMTOS_PER_NANO;

    if (last.stamp == first.stamp || last.count == first.count)
        panic("a clock of this core stands still");
    nanos_per_stamp = (nanos << 32) / (last.stamp - first.stamp);
    counts_per_nano = ((uint64_t)(first.count - last.count) << 32) / nanos;
}

void timer_init(uint64_t start)
{
    volatile char *hpet = arch_map_device(layout_board.clock_base, PAGE_SIZE);
    uint32_t period = *(volatile uint32_t *)(hpet + HPET_PERIOD);

    if (period == 0 || period > PERIOD_MAX)
        panic("this board has no HPET at 0x%lx", layout_board.clock_base);
    *(volatile uint32_t *)(hpet + HPET_CONTROL) |= HPET_RUN;
    measure(hpet, period);
    boot_stamp = start;
}

nanos_t arch_clock(void)
{
    return scale(read_tsc() - boot_stamp, nanos_per_stamp);
}

// What is farther away than the timer counts is set again when it has counted that far.
void arch_timer_set(nanos_t when)
{
    nanos_t now = arch_clock();
    uint64_t counts = when > now ? scale(when - now, counts_per_nano) + 1 : 1;

    local_apic_write(APIC_TIMER_DIVIDE, DIVIDE_BY_1);
    local_apic_write(APIC_TIMER_INITIAL, when == NEVER ? 0 : (uint32_t)(counts < COUNTS_MAX ? counts : COUNTS_MAX));
}
