// Host test of kernel/sched/sched.c: who runs, and whose budget pays.
// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <arch/cpu.h>
#include <kernel/component.h>
#include <kernel/notification.h>
#include <kernel/sched.h>

// Wakes these threads without letting any run, then leaves the kernel.
static void wake(unsigned a, unsigned b)
{
    notification_signal(threads[a].notification, WAKE);
    notification_signal(threads[b].notification, WAKE);
    host_leave();
}

TEST(the_highest_priority_runs)
{
    system_start();
    wake(T_APP, T_FILES);
    CHECK_EQUAL(running(), T_FILES);
    notification_signal(threads[T_SUP].notification, WAKE);
    host_leave();
    CHECK_EQUAL(running(), T_SUP);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), T_FILES);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), T_APP);
}

TEST(a_thread_that_is_made_ready_does_not_preempt_its_own_priority)
{
    system_start();
    wake(T_APP, T_SHELL);
    CHECK_EQUAL(running(), T_APP);
    notification_signal(threads[T_SHELL2].notification, WAKE);
    host_leave();
    CHECK_EQUAL(running(), T_APP);
}

TEST(yield_goes_round_the_threads_of_one_priority)
{
    system_start();
    wake(T_APP, T_SHELL);
    notification_signal(threads[T_SHELL2].notification, WAKE);
    const unsigned order[] = {T_APP, T_SHELL, T_SHELL2, T_APP, T_SHELL};

    for (unsigned i = 0; i < ARRAY_LENGTH(order); i++) {
        CHECK_EQUAL(running(), order[i]);
        CHECK_EQUAL(sys(SYS_YIELD, 77, 0, 0, 0, 0), STATUS_OK);
    }
}

TEST(a_preempted_thread_goes_on_before_others_of_its_priority)
{
    system_start();
    wake(T_APP, T_SHELL);
    notification_signal(threads[T_SUP].notification, WAKE);
    host_leave();
    CHECK_EQUAL(running(), T_SUP);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), T_APP);
}

TEST(yield_alone_goes_on)
{
    system_start();
    system_run(T_APP);
    sys(SYS_YIELD, 0, 0, 0, 0, 0);
    CHECK_EQUAL(running(), T_APP);
}

TEST(a_woken_thread_above_the_sender_runs_at_once)
{
    system_start();
    system_run(T_APP);
    host.now += 10;
    CHECK(sched_wake(&threads[T_APP], &threads[T_FILES], 5) == NULL);  // its message is for assembly to make
    CHECK_EQUAL(running(), T_FILES);
    CHECK_EQUAL(components[APP].sched_context.run_time, 10);
    CHECK(arch_core()->active == &components[FILES].sched_context);
    CHECK_EQUAL(arch_core()->top, threads[T_APP].priority);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), T_APP);
}

TEST(a_woken_thread_without_budget_keeps_its_message_for_later)
{
    system_start();
    system_run(T_APP);
    components[FILES].sched_context.remaining = 0;
    CHECK(sched_wake(&threads[T_APP], &threads[T_FILES], 5) == &threads[T_APP]);
    CHECK_EQUAL(running(), T_APP);
    CHECK(threads[T_FILES].parked_on == &components[FILES].sched_context);
    CHECK_EQUAL(word_of(T_FILES, 0), 5);
    CHECK_EQUAL(kind_of(T_FILES), KIND_NOTIFICATION);
}

TEST(a_component_that_used_its_budget_runs_again_when_the_period_ends)
{
    system_start();
    system_run(T_APP);
    nanos_t start = host.now;

    CHECK_EQUAL(host.timer, start + GRANULE);  // the tick comes first
    host.on_idle = NULL;
    host_run_for(APP_BUDGET - 1);
    CHECK_EQUAL(running(), T_APP);
    host_run_for(1);
    CHECK_EQUAL(running(), T_APP);
    CHECK_EQUAL(host.now, start + APP_PERIOD);  // it slept in between
    CHECK_EQUAL(components[APP].sched_context.run_time, APP_BUDGET);
}

TEST(what_runs_up_to_the_end_of_a_period_is_charged_to_that_period)
{
    system_start();
    system_run(T_SHELL);
    reply_wait(0, 0);
    nanos_t start = host.now;  // of shell's period
    host.now = start + SHELL_PERIOD - 100;
    host_take_interrupts();  // the ticks of the time that was slept through
    system_run(T_SHELL);
    host_run_for(100);
    CHECK_EQUAL(running(), T_SHELL);
    CHECK_EQUAL(components[SHELL].sched_context.remaining, (int64_t)SHELL_BUDGET);
    CHECK_EQUAL(components[SHELL].sched_context.replenish.deadline, start + 2 * SHELL_PERIOD);
}

TEST(a_dry_component_leaves_the_core_to_lower_priorities)
{
    system_start();
    wake(T_APP, T_GUEST2);
    host_run_for(APP_BUDGET);
    CHECK_EQUAL(running(), T_GUEST2);
    host_run_for(APP_PERIOD - APP_BUDGET);
    CHECK_EQUAL(running(), T_APP);
}

TEST(both_threads_of_a_component_share_one_budget)
{
    system_start();
    wake(T_SHELL, T_SHELL2);
    host_run_for(SHELL_BUDGET / 2);
    sys(SYS_YIELD, 0, 0, 0, 0, 0);
    CHECK_EQUAL(running(), T_SHELL2);
    host_run_for(SHELL_BUDGET / 2);
    CHECK_EQUAL(running(), THREADS);
    CHECK_EQUAL(threads[T_SHELL].state, THREAD_READY);  // parked, both of them
    CHECK(threads[T_SHELL].parked_on == &components[SHELL].sched_context);
    CHECK(threads[T_SHELL2].parked_on == &components[SHELL].sched_context);
}

TEST(a_server_works_on_its_callers_budget)
{
    system_start();
    system_run(T_APP);
    call(S_FILES, 1, NULL, 0);
    host_run_for(300);
    call(S_DISK, 1, NULL, 0);
    host_run_for(500);
    reply_wait(token_of(T_DISK), 0);
    host_run_for(7);
    reply_wait(token_of(T_FILES), 0);  // not the call's token: its own message came back with none
    CHECK_EQUAL(components[APP].sched_context.remaining, (int64_t)(APP_BUDGET - 807));
    CHECK_EQUAL(components[FILES].sched_context.run_time, 0);
}

TEST(a_server_that_a_notification_woke_works_on_its_own_budget)
{
    system_start();
    system_run(T_FILES);
    host_run_for(900);
    reply_wait(0, 0);
    CHECK_EQUAL(components[FILES].sched_context.run_time, 900);
    CHECK_EQUAL(components[FILES].sched_context.remaining, (int64_t)(FILES_BUDGET - 900));
}

TEST(after_its_reply_a_server_pays_for_itself)
{
    system_start();
    system_run(T_APP);
    call(S_FILES, 1, NULL, 0);
    CHECK_EQUAL(reply(token_of(T_FILES), 0), STATUS_OK);
    CHECK_EQUAL(running(), T_FILES);
    host_run_for(1000);
    reply_wait(0, 0);
    CHECK_EQUAL(components[APP].sched_context.run_time, 0);
    CHECK_EQUAL(components[FILES].sched_context.run_time, 1000);
}

TEST(a_server_whose_caller_ran_dry_finishes_on_its_reserve_and_the_caller_owes_it)
{
    system_start();
    system_run(T_APP);
    call(S_FILES, 1, NULL, 0);
    uint64_t token = token_of(T_FILES);

    host_run_for(APP_BUDGET);
    CHECK_EQUAL(running(), T_FILES);
    CHECK(threads[T_FILES].sched_context == &components[FILES].reserve);
    host_run_for(FILES_RESERVE - 1);
    CHECK_EQUAL(running(), T_FILES);
    reply_wait(token, 0);
    CHECK_EQUAL(running(), THREADS);  // app has to wait for its period
    CHECK_EQUAL(components[APP].sched_context.remaining, -(int64_t)(FILES_RESERVE - 1));
    CHECK_EQUAL(components[FILES].sched_context.run_time, 0);
    CHECK_EQUAL(components[FILES].reserve.run_time, FILES_RESERVE - 1);
}

TEST(a_server_whose_reserve_is_used_up_waits_for_it)
{
    system_start();
    system_run(T_APP);
    call(S_FILES, 1, NULL, 0);
    threads[T_APP].timeout = 0;  // it would end before files goes on
    host_run_for(APP_BUDGET + FILES_RESERVE);
    CHECK_EQUAL(running(), THREADS);
    CHECK(threads[T_FILES].parked_on == &components[FILES].reserve);
    host.on_idle = NULL;
    host_leave();
    CHECK_EQUAL(running(), T_FILES);
}

TEST(debts_are_paid_from_the_next_periods)
{
    system_start();
    system_run(T_APP);
    nanos_t start = host.now;

    host_run_for(1);
    components[APP].sched_context.remaining = -(int64_t)(2 * APP_BUDGET) + 1;
    arch_core()->rearm = true;
    host.on_idle = NULL;
    host_leave();
    // Three periods bring it from -2 budgets (and the 1 ns that was charged) to 1.
    CHECK_EQUAL(host.now, start + 3 * APP_PERIOD);
    CHECK_EQUAL(running(), T_APP);
    CHECK_EQUAL(components[APP].sched_context.remaining, (int64_t)APP_BUDGET);
}

TEST(a_server_without_budget_finishes_without_storms_of_interrupts)
{
    unsigned turns = 0;

    system_start();
    system_run(T_APP);
    call(S_DISK, 1, NULL, 0);  // disk has a reserve but no period to refill it
    threads[T_APP].timeout = 0;
    host_run_for(APP_BUDGET);
    CHECK_EQUAL(running(), T_DISK);
    for (nanos_t end = host.now + 10 * DISK_RESERVE; host.now < end; turns++)
        host_run_for(host.timer - host.now < end - host.now ? host.timer - host.now : end - host.now);
    CHECK_EQUAL(running(), T_DISK);
    CHECK(turns < 50);
}

// Two threads of one component on its reserve, for two callers: each caller owes what was done for it.
TEST(an_overrun_is_owed_by_the_caller_it_was_for)
{
    system_start();
    sched_context_init(&components[DISK].reserve, DISK_RESERVE, 10 * APP_PERIOD);
    system_run(T_APP);
    call(S_DISK, 1, NULL, 0);
    host_run_for(APP_BUDGET);
    uint64_t token = token_of(T_DISK);

    CHECK_EQUAL(running(), T_DISK);
    CHECK(threads[T_DISK].charge == &components[APP].sched_context);
    threads[T_WORKER].charge = &components[SHELL].sched_context;  // shell ran dry in a call to the worker
    threads[T_WORKER].sched_context = &components[DISK].reserve;
    threads[T_WORKER].state = THREAD_READY;
    threads[T_WORKER].priority = 181;
    threads[T_APP].timeout = 0;
    sched_ready(&threads[T_WORKER]);
    host_leave();
    CHECK_EQUAL(running(), T_WORKER);
    int64_t app = components[APP].sched_context.remaining, shell = components[SHELL].sched_context.remaining;

    host.now += 1000;
    sched_account(arch_core(), host.now);
    CHECK_EQUAL(components[APP].sched_context.remaining, app);
    CHECK_EQUAL(components[SHELL].sched_context.remaining, shell - 1000);
    (void)token;
}

TEST(idle_time_is_counted)
{
    system_start();
    host.on_idle = NULL;
    system_run(T_APP);
    nanos_t idle = arch_core()->idle_time;

    call(S_FILES, 1, NULL, 0);
    reply_wait(0, 0);  // until the timeout
    CHECK_EQUAL(running(), T_APP);
    host_run_for(10);
    sched_account(arch_core(), host.now);
    CHECK_EQUAL(arch_core()->idle_time - idle, host.now - 10);
}

TEST(the_address_space_of_the_running_thread_is_loaded)
{
    system_start();
    system_run(T_APP);
    CHECK(host_vspace == &components[APP].vspace);
    call(S_FILES, 1, NULL, 0);
    CHECK(host_vspace == &components[FILES].vspace);
    reply_wait(token_of(T_FILES), 0);
    CHECK(host_vspace == &components[APP].vspace);
}

TEST(fpu_registers_are_closed_to_all_but_their_owner)
{
    struct core *core = arch_core();

    system_start();
    system_run(T_APP);
    core->fpu_owner = &threads[T_APP];  // as its first FPU instruction does
    core->fpu_open = true;
    call(S_FILES, 1, NULL, 0);
    CHECK(!core->fpu_open);
    reply_wait(token_of(T_FILES), 0);
    CHECK(core->fpu_open);
}
