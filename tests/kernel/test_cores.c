// Host test of several cores, two or four: calls, signals, faults, control and ends from one to another, each order of
// events by hand. At home: sup, files, app, guest on core 0; disk, pager on core 1; shell, spare on core 1, or on 2 and 3.
// SPDX-License-Identifier: BSD-2-Clause
#include "abroad.h"

#include <kernel/component.h>
#include <kernel/notification.h>
#include <kernel/pool.h>

#include <string.h>

// --- Calls -----------------------------------------------------------------------------------

// App has called disk, which runs. Returns the token.
static uint64_t called_disk(void)
{
    system_start();
    calls(T_APP, S_DISK, 5);
    arrives_at(T_DISK);
    return token_of(T_DISK);
}

// Sup, which runs, stops app before any mail arrives; then all that follows from it.
static void stop_app_first(void)
{
    on_core(0);
    CHECK_EQUAL(control(S_COMPONENT + APP, COMPONENT_OP_STOP), STATUS_OK);
    CHECK_EQUAL(components[APP].abroad, 0);
    CHECK_EQUAL(components[APP].step, STEP_NONE);
    CHECK_EQUAL(threads[T_APP].state, THREAD_INACTIVE);
    CHECK(threads[T_APP].core == &cores[0]);
}

static void stop_app(void)
{
    system_run(T_SUP);
    stop_app_first();
}

TEST(a_call_and_its_reply_cross)
{
    const uint64_t words[MESSAGE_WORDS] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    system_start();
    system_run(T_APP);
    call(S_DISK, 5, words, 0);
    CHECK_EQUAL(running(), THREADS);
    CHECK_EQUAL(threads[T_APP].state, THREAD_AWAY);
    arrives_at(T_DISK);
    CHECK_EQUAL(info_of(T_DISK), (uint64_t)APP << INFO_SLOT_SHIFT | 5);
    for (unsigned i = 0; i < MESSAGE_WORDS; i++)
        CHECK_EQUAL(word_of(T_DISK, i), i + 1);
    CHECK_EQUAL(frame_of(T_DISK)->x[12], 0);
    CHECK_EQUAL(threads[T_APP].state, THREAD_AWAITING);
    CHECK_EQUAL(components[APP].abroad, 1);
    frame_of(T_DISK)->x[2] = 77;
    reply_wait(token_of(T_DISK), 9);
    arrives_at(T_APP);
    check_ended(T_APP, STATUS_OK);
    CHECK_EQUAL(info_of(T_APP), 9);
    CHECK_EQUAL(threads[T_APP].state, THREAD_READY);
}

TEST(a_server_works_on_its_own_budget_for_callers_from_elsewhere)
{
    called_disk();
    CHECK(threads[T_DISK].sched_context == &components[DISK].sched_context);
}

TEST(callers_queue_in_the_order_in_which_they_arrive)
{
    called_disk();
    calls(T_GUEST2, S_DISK, 2);
    calls(T_FILES, S_DISK, 3);
    deliver_mail();
    CHECK_EQUAL(threads[T_GUEST2].state, THREAD_CALLING);
    runs(T_DISK);
    reply_wait(token_of(T_DISK), 0);
    CHECK_EQUAL(info_of(T_DISK) & 0xffff, 2);
    reply_wait(token_of(T_DISK), 0);
    CHECK_EQUAL(info_of(T_DISK) & 0xffff, 3);
}

TEST(a_call_abroad_times_out_where_it_waits)
{
    uint64_t token = called_disk();

    pass(1, 2 * GRANULE);
    CHECK_EQUAL(threads[T_APP].state, THREAD_AWAITING);
    pass(1, 2 * GRANULE);
    arrives_at(T_APP);
    check_ended(T_APP, STATUS_TIMED_OUT);
    runs(T_DISK);
    CHECK_EQUAL(reply(token, 1), STATUS_STALE);
}

TEST(a_queued_call_times_out_and_leaves_its_queue)
{
    called_disk();
    calls(T_FILES, S_DISK, 3);
    deliver_mail();
    pass(1, 4 * GRANULE);
    deliver_mail();
    check_ended(T_FILES, STATUS_TIMED_OUT);
    CHECK(endpoints[E_DISK].queue.first == NULL);
}

TEST(no_time_is_taken_from_a_call_on_its_way)
{
    system_start();
    calls(T_APP, S_DISK, 5);
    pass(0, 20 * GRANULE);
    CHECK_EQUAL(threads[T_APP].state, THREAD_AWAY);
    CHECK_EQUAL(threads[T_APP].timeout, 4);
    arrives_at(T_DISK);
    CHECK_EQUAL(reply(token_of(T_DISK), 3), STATUS_OK);
    pass(1, 20 * GRANULE);
    arrives_at(T_APP);
    check_ended(T_APP, STATUS_OK);
}

TEST(a_token_is_stale_while_its_caller_goes_home)
{
    uint64_t token = called_disk();

    CHECK_EQUAL(reply(token, 1), STATUS_OK);
    CHECK_EQUAL(threads[T_APP].state, THREAD_AWAY);
    CHECK_EQUAL(reply(token, 1), STATUS_STALE);
    arrives_at(T_APP);
    runs(T_DISK);
    CHECK_EQUAL(reply(token, 1), STATUS_STALE);
}

TEST(a_call_to_one_that_was_given_up_ends_with_peer_gone)
{
    system_start();
    system_run(T_SUP);
    CHECK_EQUAL(control(S_COMPONENT + DISK, COMPONENT_OP_GIVE_UP), STATUS_OK);
    calls(T_APP, S_DISK, 5);
    arrives_at(T_APP);
    check_ended(T_APP, STATUS_PEER_GONE);
}

// --- Ends of clients and servers -------------------------------------------------------------

TEST(the_death_of_a_server_ends_calls_in_service_and_keeps_the_queue)
{
    called_disk();
    calls(T_FILES, S_DISK, 3);
    deliver_mail();
    system_run(T_SUP);
    CHECK_EQUAL(control(S_COMPONENT + DISK, COMPONENT_OP_STOP), STATUS_OK);
    check_ended(T_APP, STATUS_PEER_DIED);
    CHECK_EQUAL(threads[T_FILES].state, THREAD_CALLING);
    CHECK_EQUAL(control(S_COMPONENT + DISK, COMPONENT_OP_RESTART), STATUS_OK);
    on_core(1);
    block_until(T_DISK);
    reply_wait(0, 0);
    CHECK_EQUAL(info_of(T_DISK) & 0xffff, 3);
}

TEST(a_client_dies_while_it_is_served)
{
    uint64_t token = called_disk();

    stop_app();
    runs(T_DISK);
    CHECK_EQUAL(reply(token, 1), STATUS_STALE);
    reply_wait(0, 0);
    CHECK_EQUAL(kind_of(T_DISK), KIND_CLIENT_GONE);
    CHECK_EQUAL(info_of(T_DISK) >> INFO_SLOT_SHIFT, APP);
}

TEST(a_client_dies_in_a_queue)
{
    system_start();
    calls(T_GUEST2, S_DISK, 2);
    arrives_at(T_DISK);
    calls(T_APP, S_DISK, 5);
    deliver_mail();
    CHECK_EQUAL(threads[T_APP].state, THREAD_CALLING);
    stop_app();
    CHECK(endpoints[E_DISK].queue.first == NULL);
}

TEST(a_client_dies_on_its_way)
{
    system_start();
    calls(T_APP, S_DISK, 5);
    stop_app();
    on_core(1);
    block_until(THREADS);
    CHECK(endpoints[E_DISK].queue.first == NULL);
}

TEST(a_client_dies_on_its_way_home)
{
    uint64_t token = called_disk();

    system_run(T_SUP);
    runs(T_DISK);
    CHECK_EQUAL(reply(token, 1), STATUS_OK);
    CHECK_EQUAL(threads[T_APP].state, THREAD_AWAY);
    stop_app_first();
}

TEST(an_end_waits_for_threads_abroad)
{
    called_disk();
    system_run(T_SUP);
    begin_control(S_COMPONENT + APP, COMPONENT_OP_STOP);
    CHECK(component_is_ending(&components[APP]));
    CHECK_EQUAL(components[APP].state, COMPONENT_STOPPED);
    CHECK_EQUAL(components[APP].abroad, 1);
    CHECK_EQUAL(threads[T_APP].state, THREAD_AWAITING); // the other core has not heard of it
    deliver_mail();
    CHECK(!component_is_ending(&components[APP]));
}

TEST(a_client_that_is_restarted_is_gone_before_it_calls_again)
{
    called_disk();
    system_run(T_SUP);
    CHECK_EQUAL(control(S_COMPONENT + APP, COMPONENT_OP_RESTART), STATUS_OK);
    block_until(T_APP);
    call(S_DISK, 6, NULL, 0);
    arrives_at(T_DISK);
    reply_wait(0, 0);
    CHECK_EQUAL(kind_of(T_DISK), KIND_CLIENT_GONE);
    reply_wait(0, 0);
    CHECK_EQUAL(info_of(T_DISK) & 0xffff, 6);
}

// --- Signals ---------------------------------------------------------------------------------

TEST(signals_merge_on_their_way)
{
    system_start();
    system_run(T_APP);
    CHECK_EQUAL(sys(SYS_SIGNAL, S_SIGNAL_DISK, 0, 0, 0, 0), STATUS_OK);
    CHECK(cores[1].mailbox == &notifications[T_DISK].mail);
    CHECK(notifications[T_DISK].mail.next == NULL);
    system_run(T_FILES);
    CHECK_EQUAL(sys(SYS_SIGNAL, S_SIGNAL_DISK, 0, 0, 0, 0), STATUS_OK);
    CHECK(cores[1].mailbox == &notifications[T_DISK].mail);
    CHECK(notifications[T_DISK].mail.next == NULL);
    arrives_at(T_DISK);
    CHECK_EQUAL(kind_of(T_DISK), KIND_NOTIFICATION);
    CHECK_EQUAL(word_of(T_DISK, 0), 1ull << (32 + APP) | 1ull << (32 + FILES));
}

TEST(a_signal_after_the_last_arrived_is_sent_anew)
{
    system_start();
    system_run(T_APP);
    CHECK_EQUAL(sys(SYS_SIGNAL, S_SIGNAL_DISK, 0, 0, 0, 0), STATUS_OK);
    deliver_mail();
    CHECK_EQUAL(sys(SYS_SIGNAL, S_SIGNAL_DISK, 0, 0, 0, 0), STATUS_OK);
    deliver_mail();
    runs(T_DISK);
    reply_wait(0, 0);
    CHECK_EQUAL(word_of(T_DISK, 0), 1ull << (32 + APP));
}

TEST(a_signal_reaches_a_thread_that_is_abroad_when_it_receives)
{
    system_start();
    calls(T_DISK, S_FILES, 1);
    arrives_at(T_FILES);
    uint64_t token = token_of(T_FILES);

    CHECK_EQUAL(sys(SYS_SIGNAL, S_SIGNAL_DISK, 0, 0, 0, 0), STATUS_OK);
    deliver_mail();
    CHECK_EQUAL(reply(token, 0), STATUS_OK);
    arrives_at(T_DISK);
    CHECK_EQUAL(kind_of(T_DISK), STATUS_OK);
    reply_wait(0, 0);
    CHECK_EQUAL(word_of(T_DISK, 0), 1ull << (32 + FILES));
}

// --- Capabilities ----------------------------------------------------------------------------

TEST(a_capability_in_a_call_arrives_with_the_right_of_the_other_core)
{
    const uint64_t words[MESSAGE_WORDS] = {[CAP_WORD] = S_FILES};

    system_start();
    system_run(T_APP);
    call(S_DISK, 5, words, WITH_CAP);
    arrives_at(T_DISK);
    CHECK_EQUAL(word_of(T_DISK, CAP_WORD), S_DYNAMIC);
    CHECK(components[DISK].caps[S_DYNAMIC].object == &endpoints[E_FILES].head);
    CHECK_EQUAL(components[DISK].caps[S_DYNAMIC].rights, RIGHT_CALL_ACROSS | RIGHT_GRANT);
    CHECK_EQUAL(components[DISK].caps[S_DYNAMIC].badge, APP);
    CHECK_EQUAL(components[APP].caps[S_FILES].rights, RIGHT_CALL | RIGHT_GRANT);
}

TEST(a_capability_in_a_reply_is_installed_at_home)
{
    uint64_t token = called_disk();

    reply_with_cap(token, S_FILES);
    CHECK(components[APP].caps[S_DYNAMIC].object == NULL);
    arrives_at(T_APP);
    CHECK_EQUAL(word_of(T_APP, CAP_WORD), S_DYNAMIC);
    CHECK(components[APP].caps[S_DYNAMIC].object == &endpoints[E_FILES].head);
    CHECK_EQUAL(components[APP].caps[S_DYNAMIC].rights, RIGHT_CALL | RIGHT_GRANT);
}

TEST(what_may_not_be_given_arrives_as_slot_0)
{
    const uint64_t words[MESSAGE_WORDS] = {[CAP_WORD] = S_WORKER};

    system_start();
    system_run(T_APP);
    call(S_DISK, 5, words, WITH_CAP);
    arrives_at(T_DISK);
    CHECK_EQUAL(word_of(T_DISK, CAP_WORD), 0);
    reply_with_cap(token_of(T_DISK), S_WORKER);
    arrives_at(T_APP);
    CHECK_EQUAL(word_of(T_APP, CAP_WORD), 0);
}

TEST(a_capability_dies_with_the_generation_that_it_was_sent_to)
{
    uint64_t token = called_disk();

    system_run(T_SUP);
    runs(T_DISK);
    reply_with_cap(token, S_FILES);
    stop_app_first();
    CHECK(threads[T_APP].carried.object == NULL);
    CHECK(components[APP].caps[S_DYNAMIC].object == NULL);
}

// --- Lending ---------------------------------------------------------------------------------

TEST(lent_memory_is_copied_across)
{
    system_start();
    system_run(T_APP);
    call_lending(S_DISK, DATA_ADDRESS, 100);
    arrives_at(T_DISK);
    uint64_t token = token_of(T_DISK);

    CHECK_EQUAL(write_lent(token, 0xa5), STATUS_OK);
    CHECK_EQUAL(*memory(APP, DATA_ADDRESS), 0xa5);
    CHECK_EQUAL(sys(SYS_COPY_IN, token, 0, 1, STACK_ADDRESS, 99), STATUS_OK);
    CHECK(memcmp(memory(DISK, STACK_ADDRESS), memory(APP, DATA_ADDRESS + 1), 99) == 0);
    CHECK_EQUAL(reply(token, 0), STATUS_OK);
    CHECK_EQUAL(write_lent(token, 0x5a), STATUS_STALE);
}

// App has lent to files, files has lent it on to disk, which runs. Returns disk's token.
static uint64_t lent_on_to_disk(void)
{
    system_start();
    system_run(T_APP);
    call_lending(S_FILES, DATA_ADDRESS, 100);
    runs(T_FILES);
    call_lending_on(S_DISK, token_of(T_FILES), 100);
    arrives_at(T_DISK);
    return token_of(T_DISK);
}

TEST(lent_memory_is_lent_on_across)
{
    uint64_t token = lent_on_to_disk();

    CHECK_EQUAL(write_lent(token, 0xa5), STATUS_OK);
    CHECK_EQUAL(*memory(APP, DATA_ADDRESS), 0xa5);
}

TEST(a_lender_goes_on_when_no_core_can_still_write_its_memory)
{
    uint64_t token = lent_on_to_disk();

    pass(0, 7 * GRANULE); // its timeout is shorter than that of files' call
    CHECK_EQUAL(kind_of(T_APP), STATUS_TIMED_OUT);
    CHECK_EQUAL(threads[T_APP].state, THREAD_AWAY);
    on_core(1);
    CHECK_EQUAL(write_lent(token, 0xa5), STATUS_STALE);
    arrives_at(T_APP);
    check_ended(T_APP, STATUS_TIMED_OUT);
}

TEST(a_reply_too_waits_for_the_other_cores)
{
    uint64_t outer, token = lent_on_to_disk();

    CHECK_EQUAL(reply(token, 0), STATUS_OK);
    arrives_at(T_FILES);
    outer = threads[T_APP].token;
    reply_wait(outer, 4);
    CHECK_EQUAL(threads[T_APP].state, THREAD_AWAY);
    for (unsigned i = 1; i < CORES; i++)
        CHECK(open_mail(i));
    CHECK_EQUAL(threads[T_APP].state, THREAD_AWAY);
    CHECK(open_mail(0));
    runs(T_APP);
    check_ended(T_APP, STATUS_OK);
    CHECK_EQUAL(info_of(T_APP), 4);
}

TEST(a_lender_whose_lend_is_elsewhere_ends_as_any_other)
{
    uint64_t token = lent_on_to_disk();

    stop_app();
    on_core(1);
    CHECK_EQUAL(write_lent(token, 0xa5), STATUS_STALE);
    CHECK_EQUAL(components[APP].abroad, 0);
}

TEST(a_lend_is_not_lent_on_before_it_is_made)
{
    system_start();
    // Disk's second thread names the call that app will make next.
    system_run(T_WORKER);
    call_lending_on(S_FILES, threads[T_APP].token + (1ull << TOKEN_THREAD_BITS), 100);
    arrives_at(T_FILES);
    uint64_t token = token_of(T_FILES);

    system_run(T_APP);
    call_lending(S_DISK, DATA_ADDRESS, 100);
    arrives_at(T_DISK);
    system_run(T_FILES);
    CHECK_EQUAL(write_lent(token, 0xa5), STATUS_STALE);
}

// --- Faults ----------------------------------------------------------------------------------

// Guest's second thread faulted, and pager has the message. Returns the token.
static uint64_t faulted(void)
{
    system_start();
    system_run(T_GUEST2);
    host_fault(FAULT_WRITE, 0x1234, 9);
    arrives_at(T_PAGER);
    CHECK_EQUAL(kind_of(T_PAGER), KIND_FAULT);
    CHECK_EQUAL(word_of(T_PAGER, 0), FAULT_WRITE);
    CHECK_EQUAL(word_of(T_PAGER, 1), 0x1234);
    return token_of(T_PAGER);
}

TEST(a_fault_goes_to_its_handler_abroad_and_is_mended)
{
    uint64_t token = faulted(), before = frame_of(T_GUEST2)->x[0];

    CHECK_EQUAL(reply(token, FAULT_REPLY_RESUME), STATUS_OK);
    arrives_at(T_GUEST2);
    CHECK_EQUAL(frame_of(T_GUEST2)->x[0], before);
    CHECK_EQUAL(components[GUEST].state, COMPONENT_RUNNING);
}

TEST(the_handlers_stop_fails_the_component_at_home)
{
    uint64_t token = faulted();

    CHECK_EQUAL(reply(token, FAULT_REPLY_STOP), STATUS_OK);
    CHECK_EQUAL(components[GUEST].state, COMPONENT_RUNNING);
    deliver_mail();
    CHECK_EQUAL(components[GUEST].state, COMPONENT_FAULTED);
    CHECK_EQUAL(components[GUEST].fault_address, 0x1234);
    CHECK_EQUAL(components[GUEST].abroad, 0);
}

TEST(the_handlers_death_fails_the_component)
{
    faulted();
    system_run(T_SUP);
    CHECK_EQUAL(control(S_COMPONENT + PAGER, COMPONENT_OP_STOP), STATUS_OK);
    CHECK_EQUAL(components[GUEST].state, COMPONENT_FAULTED);
    CHECK_EQUAL(components[GUEST].step, STEP_NONE);
}

TEST(a_fault_for_a_handler_that_was_given_up_fails_the_component)
{
    system_start();
    system_run(T_SUP);
    CHECK_EQUAL(control(S_COMPONENT + PAGER, COMPONENT_OP_GIVE_UP), STATUS_OK);
    system_run(T_GUEST2);
    host_fault(FAULT_WRITE, 0x1234, 9);
    deliver_mail();
    CHECK_EQUAL(components[GUEST].state, COMPONENT_FAULTED);
}

TEST(a_handler_abroad_reads_the_registers_of_the_thread_that_waits_for_it)
{
    faulted();
    frame_of(T_GUEST2)->x[20] = 0xabcd;
    CHECK_EQUAL(sys(SYS_FRAME_READ, S_THREAD_GUEST2, DATA_ADDRESS, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(((struct thread_registers *)memory(PAGER, DATA_ADDRESS))->x[20], 0xabcd);
    CHECK_EQUAL(sys(SYS_FRAME_READ, S_THREAD_GUEST, DATA_ADDRESS, 0, 0, 0), STATUS_BUSY);
}

TEST(a_reflected_call_is_answered_from_abroad)
{
    system_start();
    system_run(T_GUEST);
    frame_of(T_GUEST)->x[8] = 64;
    host_syscall(SYS_YIELD);
    arrives_at(T_PAGER);
    CHECK_EQUAL(word_of(T_PAGER, 0), FAULT_FOREIGN_CALL);
    CHECK_EQUAL(word_of(T_PAGER, 1), 64);
    frame_of(T_PAGER)->x[2] = 0x77;
    frame_of(T_PAGER)->x[0] = FAULT_REPLY_RESULT;
    frame_of(T_PAGER)->x[1] = token_of(T_PAGER);
    host_syscall(SYS_REPLY);
    arrives_at(T_GUEST);
    CHECK_EQUAL(frame_of(T_GUEST)->x[0], 0x77);
}

TEST(a_thread_of_another_core_is_not_set)
{
    system_start();
    system_run(T_SUP);
    CHECK_EQUAL(control(S_COMPONENT + GUEST, COMPONENT_OP_STOP), STATUS_OK);
    runs(T_PAGER); // which hears of guest's end
    CHECK_EQUAL(sys(SYS_OBJECT_SET, S_THREAD_GUEST, SET_RUN, 1, 1, 0), STATUS_DENIED);
    CHECK_EQUAL(threads[T_GUEST].priority, 90);
}

// --- Control ---------------------------------------------------------------------------------

TEST(a_restart_from_abroad_goes_on_in_steps)
{
    uint64_t generation;

    system_start();
    generation = components[DISK].generation;
    system_run(T_SUP);
    *memory(DISK, DATA_ADDRESS) = 0xff;
    begin_control(S_COMPONENT + DISK, COMPONENT_OP_RESTART);
    CHECK_EQUAL(threads[T_SUP].state, THREAD_AWAY);
    CHECK_EQUAL(components[DISK].state, COMPONENT_RUNNING);
    deliver_mail();
    CHECK_EQUAL(components[DISK].state, COMPONENT_RUNNING);
    CHECK_EQUAL(components[DISK].generation, generation + 1);
    CHECK_EQUAL(*memory(DISK, DATA_ADDRESS), test_initial[DISK][0]);
    runs(T_SUP);
    CHECK_EQUAL(frame_of(T_SUP)->x[0], STATUS_OK);
    CHECK_EQUAL(components[SUP].abroad, 0);
}

TEST(the_state_of_a_component_is_told_where_it_is_at_home)
{
    system_start();
    system_run(T_SUP);
    frame_of(T_SUP)->x[0] = S_COMPONENT + DISK;
    host_syscall(SYS_COMPONENT_STATE);
    CHECK_EQUAL(threads[T_SUP].state, THREAD_AWAY);
    arrives_at(T_SUP);
    CHECK_EQUAL(frame_of(T_SUP)->x[0], STATUS_OK);
    CHECK_EQUAL(frame_of(T_SUP)->x[1] & 0xff, COMPONENT_RUNNING);
    CHECK_EQUAL(frame_of(T_SUP)->x[4], components[DISK].generation);
}

TEST(a_stop_from_abroad_returns_when_the_end_is_over)
{
    called_disk();
    system_run(T_SUP);
    begin_control(S_COMPONENT + DISK, COMPONENT_OP_STOP);
    deliver_mail();
    runs(T_SUP);
    CHECK_EQUAL(frame_of(T_SUP)->x[0], STATUS_OK);
    CHECK_EQUAL(components[DISK].state, COMPONENT_STOPPED);
    CHECK_EQUAL(components[DISK].step, STEP_NONE);
    check_ended(T_APP, STATUS_PEER_DIED);
}

// Something happens to sup while a visitor is at work.
static void wake_sup(void)
{
    host.on_poll = NULL;
    notification_signal(&notifications[T_SUP], WAKE);
}

// Sup stops files at home while shell restarts it from abroad, each with its first step before the other's.
static void two_controllers(bool shell_first)
{
    system_start();
    system_run(T_SHELL);
    begin_control(S_COMPONENT_CONTROL, COMPONENT_OP_RESTART);
    if (shell_first) {
        on_core(0);
        host.on_poll = wake_sup;
        host_take_interrupts();
        CHECK(component_is_ending(&components[FILES]));
    }
    wake(T_SUP);
    CHECK_EQUAL(control(S_COMPONENT + FILES, COMPONENT_OP_STOP), STATUS_OK);
    on_core(0);
    block_until(THREADS);
    deliver_mail();
    runs(T_SHELL);
    CHECK_EQUAL(frame_of(T_SHELL)->x[0], STATUS_OK);
    CHECK_EQUAL(components[FILES].step, STEP_NONE);
    CHECK(components[FILES].state == COMPONENT_RUNNING || components[FILES].state == COMPONENT_STOPPED);
    CHECK_EQUAL(components[SHELL].abroad, 0);
}

TEST(two_controllers_of_one_component_both_come_to_an_end)
{
    two_controllers(false);
}

TEST(two_controllers_of_one_component_both_come_to_an_end_in_the_other_order)
{
    two_controllers(true);
}

TEST(a_controller_dies_while_it_is_abroad)
{
    system_start();
    system_run(T_SHELL);
    begin_control(S_COMPONENT_CONTROL, COMPONENT_OP_RESTART);
    system_run(T_SUP);
    CHECK_EQUAL(control(S_COMPONENT + SHELL, COMPONENT_OP_STOP), STATUS_OK);
    CHECK_EQUAL(components[SHELL].abroad, 0);
    CHECK_EQUAL(threads[T_SHELL].state, THREAD_INACTIVE);
    // Whoever comes next finds the component as it was left.
    CHECK_EQUAL(control(S_COMPONENT + FILES, COMPONENT_OP_RESTART), STATUS_OK);
    CHECK_EQUAL(components[FILES].state, COMPONENT_RUNNING);
}

TEST(a_revoked_capability_does_not_call_back_who_is_on_the_way)
{
    system_start();
    calls(T_APP, S_SPARE, 1);
    system_run(T_SUP);
    CHECK_EQUAL(sys(SYS_CAP_REVOKE, S_REVOKE, 0, 0, 0, 0), STATUS_OK);
    deliver_mail();
    CHECK_EQUAL(threads[T_APP].state, THREAD_CALLING); // spare is not started yet
    CHECK_EQUAL(control(S_COMPONENT + SPARE, COMPONENT_OP_RESTART), STATUS_OK);
    on_core(home_of(T_SPARE));
    block_until(T_SPARE);
    reply_wait(0, 0);
    CHECK_EQUAL(reply(token_of(T_SPARE), 0), STATUS_OK);
    arrives_at(T_APP);
    call(S_SPARE, 1, NULL, 0);
    check_ended(T_APP, STATUS_BAD_SLOT);
}

// --- Pools -----------------------------------------------------------------------------------

#define WINDOW ARCH_DYNAMIC_BASE
#define CODE   0x400000ull

static uint64_t made(uint64_t type, uint64_t a, uint64_t b)
{
    CHECK_EQUAL(sys(SYS_POOL_CREATE, S_POOL, type, a, b, 0), STATUS_OK);
    return frame_of(T_PAGER)->x[1];
}

// A child of pager, with one thread below it, whose faults and calls go to pager if `handled`.
struct child {
    struct component *component;
    struct thread *thread;
    uint64_t slot;
};

static struct child make_child(bool handled)
{
    struct child child = {.slot = made(CAP_COMPONENT, 0, 0)};
    uint64_t thread = made(CAP_THREAD, child.slot, 0);

    child.component = CONTAINER_OF(components[PAGER].caps[child.slot].object, struct component, head);
    child.thread = CONTAINER_OF(components[PAGER].caps[thread].object, struct thread, head);
    CHECK_EQUAL(sys(SYS_OBJECT_SET, thread, SET_START, CODE, 0x500000, 0), STATUS_OK);
    CHECK_EQUAL(sys(SYS_OBJECT_SET, thread, SET_RUN, 77, 20, 0), STATUS_OK);
    if (handled) {
        uint64_t endpoint = made(CAP_ENDPOINT, 0, 3);

        CHECK_EQUAL(sys(SYS_OBJECT_SET, thread, SET_HANDLER, endpoint, 0, 0), STATUS_OK);
    }
    CHECK_EQUAL(sys(SYS_CAP_DROP, thread, 0, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(sys(SYS_CAP_COPY, S_FILES, child.slot, 1, RIGHT_CALL, 0), STATUS_OK);
    return child;
}

// Pager starts it and blocks, all others of the core are blocked: it runs.
static void start_child(struct child child)
{
    CHECK_EQUAL(control(child.slot, COMPONENT_OP_RESTART), STATUS_OK);
    block_until(MADE_THREAD);
    CHECK(arch_core()->current == child.thread);
}

static struct child child_runs(void)
{
    struct child child;

    system_start();
    system_run(T_PAGER);
    child = make_child(false);
    start_child(child);
    return child;
}

TEST(a_copied_capability_calls_across)
{
    struct child child = child_runs();

    call(1, 6, NULL, 0);
    arrives_at(T_FILES);
    CHECK_EQUAL(info_of(T_FILES) & 0xffff, 6);
    CHECK_EQUAL(child.component->abroad, 1);
    CHECK_EQUAL(reply(token_of(T_FILES), 0), STATUS_OK);
    deliver_mail();
    CHECK(cores[1].current == child.thread);
}

TEST(what_was_made_does_not_travel)
{
    const uint64_t words[MESSAGE_WORDS] = {[CAP_WORD] = S_DYNAMIC};

    system_start();
    system_run(T_PAGER);
    CHECK_EQUAL(made(CAP_REGION, 1, 0), S_DYNAMIC);
    call(S_FILES, 5, words, WITH_CAP);
    arrives_at(T_FILES);
    CHECK_EQUAL(word_of(T_FILES, CAP_WORD), 0);
}

TEST(the_end_of_a_handler_takes_all_with_it_whose_faults_it_had)
{
    struct child child;

    system_start();
    pools[0].thread_first += pools[0].threads - 1; // the id that the handler's end looks at last
    pools[0].threads = 1;
    system_run(T_PAGER);
    child = make_child(true);
    start_child(child);
    host_fault(FAULT_READ, 0x99, 0);
    runs(T_PAGER);
    CHECK_EQUAL(kind_of(T_PAGER), KIND_FAULT);
    system_run(T_SUP);
    CHECK_EQUAL(control(S_COMPONENT + PAGER, COMPONENT_OP_STOP), STATUS_OK);
    CHECK_EQUAL(components[PAGER].step, STEP_NONE);
    CHECK_EQUAL(child.component->state, COMPONENT_FAULTED);
    CHECK_EQUAL(child.component->step, STEP_NONE);
    CHECK(cores[1].ending == NULL);
    CHECK_EQUAL(control(S_COMPONENT + PAGER, COMPONENT_OP_RESTART), STATUS_OK);
    CHECK_EQUAL(child.component->head.type, CAP_NONE);
}

TEST(a_maker_ends_with_a_child_that_is_abroad)
{
    struct child child = child_runs();

    call(1, 6, NULL, 0);
    arrives_at(T_FILES);
    system_run(T_SUP);
    CHECK_EQUAL(control(S_COMPONENT + PAGER, COMPONENT_OP_RESTART), STATUS_OK);
    CHECK_EQUAL(child.component->head.type, CAP_NONE);
    CHECK_EQUAL(child.thread->head.type, CAP_NONE);
    wake(T_FILES);
    for (unsigned i = 0; i < 2 && kind_of(T_FILES) != KIND_CLIENT_GONE; i++)
        reply_wait(0, 0);
    CHECK_EQUAL(kind_of(T_FILES), KIND_CLIENT_GONE);
}

TEST(a_maker_that_starts_anew_hears_nothing_of_the_last_ones_children)
{
    struct child child;

    system_start();
    system_run(T_PAGER);
    child = make_child(false);
    CHECK_EQUAL(sys(SYS_OBJECT_SET, child.slot, SET_WATCH, 1ull << 50, 0, 0), STATUS_OK);
    start_child(child);
    call(1, 6, NULL, 0);
    arrives_at(T_FILES);
    system_run(T_SUP);
    CHECK_EQUAL(control(S_COMPONENT + PAGER, COMPONENT_OP_RESTART), STATUS_OK);
    CHECK_EQUAL(notifications[T_PAGER].pending, 0);
}

static uint64_t lent; // the token that files has

// A region of one page is mapped in the child, whose thread is abroad and lends it.
static struct region *lent_abroad(struct child *child, uint64_t *slot)
{
    system_start();
    system_run(T_PAGER);
    *child = make_child(false);
    *slot = made(CAP_REGION, 1, 0);
    CHECK_EQUAL(sys(SYS_MAP, *slot, child->slot, DATA_ADDRESS, RIGHT_READ | RIGHT_WRITE, 0), STATUS_OK);
    start_child(*child);
    call_lending(1, DATA_ADDRESS, 100);
    arrives_at(T_FILES);
    lent = token_of(T_FILES);
    CHECK_EQUAL(write_lent(lent, 0xa5), STATUS_OK);
    return CONTAINER_OF(components[PAGER].caps[*slot].object, struct region, head);
}

TEST(an_unmap_returns_when_no_core_can_still_write_there)
{
    struct child child;
    uint64_t slot;

    lent_abroad(&child, &slot);
    system_run(T_PAGER);
    frame_of(T_PAGER)->x[0] = slot;
    frame_of(T_PAGER)->x[1] = child.slot;
    host_syscall(SYS_UNMAP);
    CHECK_EQUAL(threads[T_PAGER].state, THREAD_AWAY);
    on_core(0);
    CHECK_EQUAL(write_lent(lent, 0x5a), STATUS_BAD_ADDRESS);
    arrives_at(T_PAGER);
    CHECK_EQUAL(frame_of(T_PAGER)->x[0], STATUS_OK);
}

TEST(pages_are_not_used_again_before_all_cores_were_passed)
{
    struct child child;
    uint64_t slot;
    struct region *region = lent_abroad(&child, &slot);

    system_run(T_PAGER);
    frame_of(T_PAGER)->x[0] = S_POOL;
    frame_of(T_PAGER)->x[1] = slot;
    host_syscall(SYS_POOL_DESTROY);
    CHECK_EQUAL(threads[T_PAGER].state, THREAD_AWAY);
    // Another thread of pager would find it so.
    CHECK_EQUAL(pool_destroy_region(region), STATUS_BUSY);
    CHECK_EQUAL(pools[0].kinds[POOL_PAGES - 1], POOL_DATA);
    deliver_mail();
    runs(T_PAGER);
    CHECK_EQUAL(sys(SYS_POOL_DESTROY, S_POOL, slot, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(pools[0].kinds[POOL_PAGES - 1], POOL_FREE);
}

// The child lends to pager, which lends it on to files.
static struct region *lent_on_abroad(struct child *child, uint64_t *slot)
{
    uint64_t endpoint;

    system_start();
    system_run(T_PAGER);
    *child = make_child(false);
    endpoint = made(CAP_ENDPOINT, 0, 3);
    CHECK_EQUAL(sys(SYS_CAP_COPY, endpoint, child->slot, 2, RIGHT_CALL, 0), STATUS_OK);
    *slot = made(CAP_REGION, 1, 0);
    CHECK_EQUAL(sys(SYS_MAP, *slot, child->slot, DATA_ADDRESS, RIGHT_READ | RIGHT_WRITE, 0), STATUS_OK);
    start_child(*child);
    call_lending(2, DATA_ADDRESS, 100);
    runs(T_PAGER);
    call_lending_on(S_FILES, token_of(T_PAGER), 100);
    arrives_at(T_FILES);
    lent = token_of(T_FILES);
    CHECK_EQUAL(write_lent(lent, 0xa5), STATUS_OK);
    return CONTAINER_OF(components[PAGER].caps[*slot].object, struct region, head);
}

TEST(what_a_thread_at_home_lent_and_others_lent_on_is_not_used_again_too_early)
{
    struct child child;
    uint64_t slot;
    struct region *region = lent_on_abroad(&child, &slot);

    on_core(1);
    CHECK_EQUAL(region_unmap(region, child.component), STATUS_OK);
    CHECK_EQUAL(pool_destroy_region(region), STATUS_BUSY);
}

TEST(a_reply_carries_what_was_made_also_when_the_lend_was_lent_on)
{
    struct child child;
    uint64_t slot, token;

    lent_on_abroad(&child, &slot);
    token = child.thread->token;
    CHECK_EQUAL(reply(lent, 0), STATUS_OK);
    arrives_at(T_PAGER);
    reply_with_cap(token, slot);
    deliver_mail();
    CHECK(child.thread->frame.x[2 + CAP_WORD] != 0);
    CHECK_EQUAL(child.component->caps[child.thread->frame.x[2 + CAP_WORD]].type, CAP_REGION);
    CHECK_EQUAL(child.component->abroad, 0);
}
