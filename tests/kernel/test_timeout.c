// Host test of kernel/sched/timeout.c: when a call gives up waiting.
// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <arch/cpu.h>

// App calls files (timeout: 5 granules) `offset` ns after some tick and nobody answers.
static nanos_t time_to_give_up(nanos_t offset)
{
    system_start();
    host.on_idle = NULL;
    system_run(T_APP);
    host_run_for(offset);
    nanos_t start = host.now;

    call(S_FILES, 1, NULL, 0);
    CHECK_EQUAL(running(), T_FILES);
    reply_wait(0, 0);  // keeps the token and waits; the core sleeps until the call has ended
    CHECK_EQUAL(running(), T_APP);
    CHECK_EQUAL(info_of(T_APP), (uint64_t)STATUS_TIMED_OUT << INFO_KIND_SHIFT);
    return host.now - start;
}

TEST(a_call_ends_between_its_timeout_and_one_granule_later)
{
    for (unsigned i = 0; i < 20; i++) {
        pid_t child = fork();
        int status;

        if (child == 0) {
            nanos_t time = time_to_give_up(i * GRANULE / 10);

            CHECK(time >= 5ull * GRANULE && time <= 6ull * GRANULE);
            exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child && status == 0);
    }
}

TEST(a_queued_call_times_out_and_leaves_the_queue)
{
    system_start();
    host.on_idle = NULL;
    system_run(T_APP);
    call(S_WORKER, 1, NULL, 0);  // no timeout
    CHECK_EQUAL(running(), T_WORKER);
    call(S_FILES, 1, NULL, 0);
    CHECK_EQUAL(running(), T_FILES);
    call(S_PAGER, 1, NULL, 0);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), T_WORKER);  // its call to files, in service, timed out
    CHECK_EQUAL(kind_of(T_WORKER), STATUS_TIMED_OUT);
    system_run(T_SHELL);
    call(S_FILES, 1, NULL, 0);  // files is in a call without timeout: shell stands in the queue
    CHECK_EQUAL(running(), T_SHELL);
    CHECK_EQUAL(kind_of(T_SHELL), STATUS_TIMED_OUT);
    CHECK_EQUAL(threads[T_FILES].state, THREAD_AWAITING);
    CHECK(endpoints[E_FILES].queue.first == NULL);
}

TEST(a_reply_that_comes_too_late_is_stale)
{
    system_start();
    host.on_idle = NULL;
    system_run(T_APP);
    call(S_FILES, 1, NULL, 0);
    uint64_t token = token_of(T_FILES);

    reply_wait(0, 0);
    CHECK_EQUAL(running(), T_APP);
    host.on_idle = NULL;
    system_run(T_FILES);
    CHECK_EQUAL(reply(token, 1), STATUS_STALE);
}

TEST(a_call_without_timeout_waits_for_ever_and_the_ticks_stop)
{
    system_start();
    host.on_idle = NULL;
    system_run(T_APP);
    call(S_PAGER, 1, NULL, 0);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), THREADS);
    CHECK_EQUAL(host.end, HOST_IDLE);
    CHECK_EQUAL(host.timer, UINT64_MAX);
    CHECK_EQUAL(threads[T_APP].state, THREAD_AWAITING);
}

static void raise_when_the_round_is_over(void)
{
    // The tick's round has just found nobody; now a device interrupts.
    if (arch_core()->ticking)
        return;
    host.on_poll = NULL;
    host_raise(LINE_EDGE);
}

TEST(ticks_go_on_when_an_interrupt_comes_while_they_are_being_stopped)
{
    system_start();
    host.on_idle = NULL;
    host.enabled[LINE_EDGE] = true;
    host.on_poll = raise_when_the_round_is_over;
    host_leave();  // sleeps until the first tick; then disk gets its interrupt
    CHECK_EQUAL(running(), T_DISK);
    nanos_t start = host.now;

    call(S_FILES, 1, NULL, 0);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), T_DISK);
    CHECK_EQUAL(kind_of(T_DISK), STATUS_TIMED_OUT);
    CHECK(host.now - start <= 6ull * GRANULE);
}

TEST(an_answer_in_time_ends_the_countdown)
{
    system_start();
    host.on_idle = NULL;
    system_run(T_APP);
    call(S_FILES, 1, NULL, 0);
    reply_wait(token_of(T_FILES), 0);
    CHECK_EQUAL(running(), T_APP);
    CHECK_EQUAL(threads[T_APP].timeout, 0);
    call(S_PAGER, 1, NULL, 0);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), THREADS);
    CHECK_EQUAL(threads[T_APP].state, THREAD_AWAITING);
}

TEST(threads_at_the_end_of_a_long_table_time_out_too)
{
    system_start();
    host.on_idle = NULL;
    system_run(T_APP);
    // App's place is behind the first step's worth of threads.
    thread_table[threads[T_APP].id] = NULL;
    threads[T_APP].id = (uint16_t)(thread_table_count - 1);
    thread_table[thread_table_count - 1] = &threads[T_APP];
    threads[T_APP].token = threads[T_APP].id;
    call(S_FILES, 1, NULL, 0);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), T_APP);
    CHECK_EQUAL(kind_of(T_APP), STATUS_TIMED_OUT);
}
