// Host test of kernel/object/interrupt.c.
// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <arch/cpu.h>
#include <kernel/interrupt.h>

TEST(a_line_is_masked_until_its_driver_asks)
{
    system_start();
    host_raise(LINE_LEVEL);
    CHECK(host_take_interrupts() == NULL);
    system_run(T_DISK);
    CHECK_EQUAL(sys(SYS_INTERRUPT_ACK, S_INTERRUPT, 0, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(notifications[T_DISK].pending, BIT_LEVEL);
    CHECK(!host.enabled[LINE_LEVEL]);  // delivered, so masked again
}

TEST(a_level_that_stays_comes_again_after_the_acknowledgement)
{
    system_start();
    host_raise(LINE_LEVEL);
    system_run(T_DISK);
    for (unsigned i = 0; i < 3; i++) {
        CHECK_EQUAL(sys(SYS_INTERRUPT_ACK, S_INTERRUPT, 0, 0, 0, 0), STATUS_OK);
        reply_wait(0, 0);
        CHECK_EQUAL(word_of(T_DISK, 0), BIT_LEVEL);
    }
    host.raised[LINE_LEVEL] = false;
    sys(SYS_INTERRUPT_ACK, S_INTERRUPT, 0, 0, 0, 0);
    CHECK_EQUAL(notifications[T_DISK].pending, 0);
    CHECK(host.enabled[LINE_LEVEL]);
}

TEST(two_lines_are_told_apart)
{
    system_start();
    system_run(T_DISK);
    sys(SYS_INTERRUPT_ACK, S_INTERRUPT, 0, 0, 0, 0);
    sys(SYS_INTERRUPT_ACK, S_INTERRUPT2, 0, 0, 0, 0);
    reply_wait(0, 0);
    host_raise(LINE_EDGE);
    host_take_interrupts();
    CHECK_EQUAL(running(), T_DISK);
    CHECK_EQUAL(word_of(T_DISK, 0), BIT_EDGE);
    CHECK(host.enabled[LINE_LEVEL] && !host.enabled[LINE_EDGE]);
}

TEST(a_line_of_nobody_and_one_out_of_range_disturb_nobody)
{
    system_start();
    interrupt_deliver(7);
    interrupt_deliver(ARCH_INTERRUPTS);
    interrupt_deliver(UINT32_MAX);
    for (unsigned i = 0; i < THREADS; i++)
        CHECK_EQUAL(notifications[i].pending, 0);
}

TEST(acknowledging_needs_the_interrupt)
{
    system_start();
    system_run(T_APP);
    CHECK_EQUAL(sys(SYS_INTERRUPT_ACK, S_INTERRUPT, 0, 0, 0, 0), STATUS_BAD_SLOT);
    CHECK_EQUAL(sys(SYS_INTERRUPT_ACK, S_DISK, 0, 0, 0, 0), STATUS_BAD_TYPE);
    components[DISK].caps[S_INTERRUPT].rights = 0;
    system_run(T_DISK);
    CHECK_EQUAL(sys(SYS_INTERRUPT_ACK, S_INTERRUPT, 0, 0, 0, 0), STATUS_DENIED);
    CHECK(!host.enabled[LINE_LEVEL]);
}
