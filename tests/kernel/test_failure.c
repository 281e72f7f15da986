// Host test of the failure policies, with a layout that resets or halts when an unsupervised component dies.
// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#define END (ON_COMPONENT_DEAD == 1 ? HOST_RESET : HOST_POWER_OFF)

TEST(the_failure_of_an_unsupervised_component_ends_the_system)
{
    system_start();
    system_run(T_SUP);
    host_fault(FAULT_READ, 0, 0);
    CHECK_EQUAL(host.end, END);
    CHECK(ON_COMPONENT_DEAD == 1 || host.code == 1);
}

TEST(so_does_its_exit_with_a_code)
{
    system_start();
    system_run(T_SUP);
    frame_of(T_SUP)->x[0] = 3;
    host_syscall(SYS_EXIT);
    CHECK_EQUAL(host.end, END);
}

TEST(an_exit_without_code_is_no_failure)
{
    system_start();
    system_run(T_SUP);
    frame_of(T_SUP)->x[0] = 0;
    host_syscall(SYS_EXIT);
    block_until(THREADS);
    CHECK_EQUAL(host.end, HOST_IDLE);
}

TEST(a_supervised_component_is_its_supervisors_business)
{
    system_start();
    system_run(T_APP);
    host_fault(FAULT_READ, 0, 0);
    CHECK_EQUAL(host.end, HOST_RUNS);
    CHECK_EQUAL(running(), T_SUP);
}

TEST(what_a_supervisor_gives_up_is_its_business_too)
{
    system_start();
    system_run(T_SUP);
    CHECK_EQUAL(sys(SYS_COMPONENT_CONTROL, S_COMPONENT + FILES, COMPONENT_OP_GIVE_UP, 1, 0, 0), STATUS_OK);
    CHECK_EQUAL(host.end, HOST_RUNS);
}
