// Host test of kernel/object/timer.c: the heap, driven side by side with a plain sorted list.
// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <arch/cpu.h>
#include <kernel/sched.h>
#include <kernel/timer.h>

#define HEAP_MAX 24

static struct timer *heap_storage[HEAP_MAX];
static struct core plain_core;

static uint32_t random_state = 1;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % limit;
}

static void check_heap(const struct core *core, const struct timer *all, unsigned armed)
{
    unsigned found = 0;

    CHECK_EQUAL(core->heap_length, armed);
    for (uint32_t i = 0; i < core->heap_length; i++) {
        CHECK_EQUAL(core->heap[i]->heap_index, i + 1);
        CHECK(i == 0 || core->heap[(i - 1) / 2]->deadline <= core->heap[i]->deadline);
    }
    for (unsigned i = 0; i < HEAP_MAX; i++)
        found += all[i].heap_index != 0;
    CHECK_EQUAL(found, armed);
}

// The plain structure: a deadline for each timer, NEVER if it is not armed.
static nanos_t earliest(const nanos_t *deadlines)
{
    nanos_t first = NEVER;

    for (unsigned i = 0; i < HEAP_MAX; i++)
        first = deadlines[i] < first ? deadlines[i] : first;
    return first;
}

TEST(the_heap_agrees_with_a_plain_list_over_200000_random_steps)
{
    static struct timer all[HEAP_MAX];
    nanos_t deadlines[HEAP_MAX];
    unsigned armed = 0;

    plain_core.heap = heap_storage;
    for (unsigned i = 0; i < HEAP_MAX; i++)
        deadlines[i] = NEVER;
    for (unsigned step = 0; step < 200000; step++) {
        unsigned i = random_below(HEAP_MAX);

        armed -= deadlines[i] != NEVER;
        if (random_below(3)) {
            deadlines[i] = random_below(50);  // many are equal
            armed++;
            timer_arm(&plain_core, &all[i], deadlines[i]);
        } else {
            deadlines[i] = NEVER;
            timer_cancel(&plain_core, &all[i]);
        }
        check_heap(&plain_core, all, armed);
        CHECK(armed == 0 || plain_core.heap[0]->deadline == earliest(deadlines));
    }
}

TEST(a_timer_fires_once_at_its_time)
{
    system_start();
    system_run(T_DISK);
    CHECK_EQUAL(sys(SYS_TIMER_SET, S_TIMER, host.now + 500, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(host.timer, host.now + 500);
    reply_wait(0, 0);
    host.now += 499;
    CHECK(host_take_interrupts() == NULL);
    host.now += 1;
    host_take_interrupts();
    CHECK_EQUAL(running(), T_DISK);
    CHECK_EQUAL(word_of(T_DISK, 0), BIT_TIMER);
    reply_wait(0, 0);
    host.now += 100000;
    CHECK(host_take_interrupts() == NULL);
}

TEST(a_timer_in_the_past_fires_at_once)
{
    system_start();
    host.now = 1000;
    system_run(T_DISK);
    CHECK_EQUAL(sys(SYS_TIMER_SET, S_TIMER, 1, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(notifications[T_DISK].pending, BIT_TIMER);
}

TEST(setting_again_moves_the_deadline_and_zero_cancels)
{
    system_start();
    system_run(T_DISK);
    sys(SYS_TIMER_SET, S_TIMER, 500, 0, 0, 0);
    sys(SYS_TIMER_SET, S_TIMER, 300, 0, 0, 0);
    CHECK_EQUAL(host.timer, 300);
    sys(SYS_TIMER_SET, S_TIMER, 700, 0, 0, 0);
    CHECK_EQUAL(host.timer, 700);
    sys(SYS_TIMER_SET, S_TIMER, 0, 0, 0, 0);
    CHECK_EQUAL(timers[TIMER_DISK].heap_index, 0);
    CHECK(host.timer > 700);
    sys(SYS_TIMER_SET, S_TIMER, 0, 0, 0, 0);  // nothing to cancel
    CHECK_EQUAL(timers[TIMER_DISK].heap_index, 0);
}

TEST(timers_that_end_together_all_fire)
{
    system_start();
    system_run(T_SUP);
    sys(SYS_TIMER_SET, S_TIMER, 100, 0, 0, 0);
    sys(SYS_TIMER_SET, S_TIMER2, 100, 0, 0, 0);
    host.now = 100;
    host_take_interrupts();
    CHECK_EQUAL(notifications[T_SUP].pending, BIT_TIMER | BIT_TIMER2);
}

TEST(timers_of_another_component_are_out_of_reach)
{
    system_start();
    system_run(T_APP);
    CHECK_EQUAL(sys(SYS_TIMER_SET, S_TIMER, 100, 0, 0, 0), STATUS_BAD_SLOT);
    CHECK_EQUAL(sys(SYS_TIMER_SET, S_CLOCK, 100, 0, 0, 0), STATUS_BAD_TYPE);
}
