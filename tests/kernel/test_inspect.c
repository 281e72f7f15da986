// Host test of kernel/object/inspect.c.
// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <arch/cpu.h>

static const uint64_t *x;

// Sup looks. Returns the status; x[1] to x[6] are the values.
static uint64_t look(uint64_t what, uint64_t index, uint64_t index2)
{
    if (running() != T_SUP)
        system_run(T_SUP);
    x = frame_of(T_SUP)->x;
    return sys(SYS_INSPECT, S_INSPECT, what, index, index2, 0);
}

TEST(the_system_is_counted)
{
    system_start();
    host.now = 5000;
    CHECK_EQUAL(look(INSPECT_SYSTEM, 0, 0), STATUS_OK);
    CHECK_EQUAL(x[1], COMPONENTS);
    CHECK_EQUAL(x[2], THREADS + POOL_THREADS_MAX);
    CHECK_EQUAL(x[3], 1);
    CHECK_EQUAL(x[4], 5000);
    CHECK_EQUAL(x[6], 0);
}

TEST(every_component_can_be_described)
{
    system_start();
    CHECK_EQUAL(look(INSPECT_COMPONENT, DISK, 0), STATUS_OK);
    CHECK_EQUAL(x[1], COMPONENT_RUNNING);
    CHECK_EQUAL(x[4], 1);
    CHECK_EQUAL(look(INSPECT_COMPONENT, SPARE, 0), STATUS_OK);
    CHECK_EQUAL(x[1], COMPONENT_STOPPED);
    CHECK_EQUAL(look(INSPECT_COMPONENT, COMPONENTS, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(look(INSPECT_COMPONENT, UINT64_MAX, 0), STATUS_BAD_ARGUMENT);
}

TEST(every_slot_can_be_seen)
{
    system_start();
    CHECK_EQUAL(look(INSPECT_CAP, GUEST, S_DISK), STATUS_OK);
    CHECK_EQUAL(x[1], CAP_ENDPOINT | (RIGHT_CALL | RIGHT_GRANT) << 8);
    CHECK_EQUAL(x[2], 66);
    CHECK_EQUAL(x[3], E_DISK);
    CHECK_EQUAL(x[4], SLOTS);
    CHECK_EQUAL(look(INSPECT_CAP, DISK, S_INTERRUPT2), STATUS_OK);
    CHECK_EQUAL(x[3], INTERRUPT_EDGE);
    CHECK_EQUAL(look(INSPECT_CAP, DISK, S_TIMER), STATUS_OK);
    CHECK_EQUAL(x[3], TIMER_DISK);
    CHECK_EQUAL(look(INSPECT_CAP, PAGER, S_THREAD_SHELL), STATUS_OK);
    CHECK_EQUAL(x[3], T_SHELL);
    CHECK_EQUAL(look(INSPECT_CAP, PAGER, S_POOL), STATUS_OK);
    CHECK_EQUAL(x[3], 0);
    CHECK_EQUAL(look(INSPECT_CAP, DISK, S_DMA), STATUS_OK);
    CHECK_EQUAL(x[3], REGION_DMA_RING);
    CHECK_EQUAL(look(INSPECT_CAP, SUP, S_COMPONENT + SHELL), STATUS_OK);
    CHECK_EQUAL(x[3], SHELL);
    CHECK_EQUAL(look(INSPECT_CAP, SUP, S_SIGNAL_DISK), STATUS_OK);
    CHECK_EQUAL(x[3], T_DISK);
    CHECK_EQUAL(look(INSPECT_CAP, SUP, S_CLOCK), STATUS_OK);
    CHECK_EQUAL(x[3], 0);
}

TEST(an_empty_or_revoked_slot_has_no_type)
{
    system_start();
    CHECK_EQUAL(look(INSPECT_CAP, GUEST, S_EMPTY), STATUS_OK);
    CHECK_EQUAL(x[1], 0);
    CHECK_EQUAL(x[4], SLOTS);
    endpoints[E_DISK].head.generation++;
    CHECK_EQUAL(look(INSPECT_CAP, GUEST, S_DISK), STATUS_OK);
    CHECK_EQUAL(x[1], 0);
    CHECK_EQUAL(x[2], 0);
    CHECK_EQUAL(look(INSPECT_CAP, GUEST, SLOTS), STATUS_BAD_SLOT);
    CHECK_EQUAL(look(INSPECT_CAP, COMPONENTS, 0), STATUS_BAD_ARGUMENT);
}

TEST(every_thread_can_be_seen)
{
    system_start();
    system_run(T_APP);
    call(S_DISK, 1, NULL, 0);
    reply_wait(0, 0);
    CHECK_EQUAL(look(INSPECT_THREAD, T_APP, 0), STATUS_OK);
    CHECK_EQUAL(x[1], APP);
    CHECK_EQUAL(x[2], THREAD_AWAITING);
    CHECK_EQUAL(x[3], 100);
    CHECK_EQUAL(x[4], DISK + 1);
    CHECK_EQUAL(look(INSPECT_THREAD, T_WORKER, 0), STATUS_OK);
    CHECK_EQUAL(x[1], DISK);
    CHECK_EQUAL(x[4], 0);
    CHECK_EQUAL(look(INSPECT_THREAD, THREADS, 0), STATUS_BAD_ARGUMENT);  // an id that no pool has given out
    CHECK_EQUAL(look(INSPECT_THREAD, thread_table_count, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(look(INSPECT_THREAD, UINT64_MAX, 0), STATUS_BAD_ARGUMENT);
}

TEST(what_there_is_not_cannot_be_inspected)
{
    system_start();
    CHECK_EQUAL(look(INSPECT_WHATS, 0, 0), STATUS_BAD_ARGUMENT);
    for (unsigned i = 1; i <= 6; i++)
        CHECK_EQUAL(x[i], 0);
}

TEST(inspecting_needs_the_capability)
{
    system_start();
    components[SUP].caps[S_INSPECT].rights = 0;
    CHECK_EQUAL(look(INSPECT_SYSTEM, 0, 0), STATUS_DENIED);
    CHECK_EQUAL(x[1], 0);
    CHECK_EQUAL(sys(SYS_INSPECT, S_CLOCK, 0, 0, 0, 0), STATUS_BAD_TYPE);
}
