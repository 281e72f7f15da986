// Host test of kernel/object/endpoint.c: calls, and each way a call can end.
// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <arch/cpu.h>
#include <kernel/component.h>
#include <kernel/endpoint.h>
#include <kernel/notification.h>

#define LABEL       0x1234
#define WORDS(n)    ((uint64_t)(n) << INFO_WORDS_SHIFT)
#define CAP_TRAVELS (1ull << INFO_CAP_BIT)

static const uint64_t words[MESSAGE_WORDS] = {11, 22, 33, 44, 55, 66, 77, 88, 99, UINT64_MAX};

static void check_words(unsigned thread)
{
    for (unsigned i = 0; i < MESSAGE_WORDS; i++)
        CHECK_EQUAL(word_of(thread, i), words[i]);
    for (unsigned i = 12; i <= 18; i++)
        CHECK_EQUAL(frame_of(thread)->x[i], 0);
}

static void answer(unsigned thread, uint64_t token, uint64_t info)
{
    struct arch_frame *frame = frame_of(thread);

    CHECK_EQUAL(running(), thread);
    frame->x[0] = info;
    frame->x[1] = token;
    for (unsigned i = 0; i < MESSAGE_WORDS; i++)
        frame->x[2 + i] = words[i];
    host_syscall(SYS_REPLY_WAIT);
}

TEST(a_call_passes_label_words_and_badge_and_switches_directly)
{
    system_start();
    system_run(T_APP);
    call(S_FILES, LABEL, words, WORDS(10));
    CHECK_EQUAL(running(), T_FILES);
    CHECK_EQUAL(info_of(T_FILES), (uint64_t)APP << INFO_SLOT_SHIFT | WORDS(10) | LABEL);
    CHECK_EQUAL(token_of(T_FILES) & 0xffff, T_APP + 1);
    check_words(T_FILES);
    CHECK_EQUAL(threads[T_APP].state, THREAD_AWAITING);
}

TEST(a_reply_passes_label_and_words_and_the_server_waits_again)
{
    system_start();
    system_run(T_APP);
    call(S_FILES, LABEL, NULL, 0);
    answer(T_FILES, token_of(T_FILES), 77 | WORDS(3));
    CHECK_EQUAL(running(), T_APP);
    CHECK_EQUAL(info_of(T_APP), 77 | WORDS(3));
    CHECK_EQUAL(token_of(T_APP), 0);
    check_words(T_APP);
    CHECK_EQUAL(threads[T_FILES].state, THREAD_RECEIVING);
}

TEST(the_kernels_bits_of_the_info_word_cannot_be_forged)
{
    system_start();
    system_run(T_APP);
    call(S_FILES, LABEL, NULL, (uint64_t)KIND_FAULT << INFO_KIND_SHIFT);
    CHECK_EQUAL(kind_of(T_FILES), KIND_CALL);
    answer(T_FILES, token_of(T_FILES), UINT64_MAX & ~CAP_TRAVELS);
    CHECK_EQUAL(info_of(T_APP), 0x0fffff);
}

TEST(a_second_caller_waits_in_the_queue_and_is_served_in_order)
{
    system_start();
    system_run(T_APP);
    call(S_FILES, 1, NULL, 0);
    uint64_t first = token_of(T_FILES);

    // Files waits for disk meanwhile; the others come to files' queue.
    call(S_DISK, 9, NULL, 0);
    CHECK_EQUAL(running(), T_DISK);
    uint64_t outer = token_of(T_DISK);

    reply_wait(0, 0);  // disk defers the answer
    system_run(T_SHELL2);
    call(S_FILES, 2, NULL, 0);
    CHECK_EQUAL(threads[T_SHELL2].state, THREAD_CALLING);
    system_run(T_SHELL);
    call(S_FILES, 3, NULL, 0);
    system_run(T_DISK);
    CHECK_EQUAL(reply(outer, 0), STATUS_OK);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), T_FILES);
    reply_wait(first, 0);
    CHECK_EQUAL(running(), T_FILES);
    CHECK_EQUAL(info_of(T_FILES) & 0xffff, 2);
    reply_wait(token_of(T_FILES), 0);
    CHECK_EQUAL(running(), T_FILES);
    CHECK_EQUAL(info_of(T_FILES) & 0xffff, 3);
}

TEST(nobody_calls_itself)
{
    system_start();
    system_run(T_FILES);
    call(S_FILES, 1, NULL, 0);
    CHECK_EQUAL(running(), T_FILES);
    CHECK_EQUAL(info_of(T_FILES), (uint64_t)STATUS_BAD_ARGUMENT << INFO_KIND_SHIFT);
}

TEST(a_call_that_fails_leaves_zeroes_and_no_message)
{
    system_start();
    system_run(T_APP);
    call(S_DISK_MUTE, LABEL, words, 0);
    CHECK_EQUAL(info_of(T_APP), (uint64_t)STATUS_DENIED << INFO_KIND_SHIFT);
    for (unsigned i = 1; i <= 18; i++)
        CHECK_EQUAL(frame_of(T_APP)->x[i], 0);
    call(S_EMPTY, LABEL, words, 0);
    CHECK_EQUAL(kind_of(T_APP), STATUS_BAD_SLOT);
    call(S_CLOCK, LABEL, words, 0);
    CHECK_EQUAL(kind_of(T_APP), STATUS_BAD_TYPE);
    call(S_FILES, LABEL, words, 3ull << INFO_LENDS_SHIFT);
    CHECK_EQUAL(kind_of(T_APP), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(threads[T_FILES].state, THREAD_RECEIVING);
}

TEST(a_token_is_good_once)
{
    system_start();
    system_run(T_APP);
    call(S_FILES, 1, NULL, 0);
    uint64_t token = token_of(T_FILES);

    CHECK_EQUAL(reply(token, 5), STATUS_OK);
    CHECK_EQUAL(running(), T_FILES);
    CHECK_EQUAL(reply(token, 6), STATUS_STALE);
    reply_wait(token, 7);  // no error here
    CHECK_EQUAL(running(), T_APP);
    CHECK_EQUAL(info_of(T_APP), 5);
    call(S_FILES, 2, NULL, 0);
    CHECK(token_of(T_FILES) != token);
    CHECK_EQUAL(reply(token, 8), STATUS_STALE);
}

TEST(tokens_of_others_of_nobody_and_of_no_thread_are_stale)
{
    system_start();
    system_run(T_APP);
    call(S_FILES, 1, NULL, 0);
    uint64_t token = token_of(T_FILES);

    CHECK_EQUAL(reply(0, 0), STATUS_STALE);
    CHECK_EQUAL(reply(token + (1ull << TOKEN_THREAD_BITS), 0), STATUS_STALE);
    CHECK_EQUAL(reply((token & ~0xffffull) | 0xffff, 0), STATUS_STALE);
    CHECK_EQUAL(reply((token & ~0xffffull) | thread_table_count, 0), STATUS_STALE);
    CHECK_EQUAL(reply((token & ~0xffffull) | (T_SHELL + 1), 0), STATUS_STALE);
    reply_wait(0, 0);
    system_run(T_DISK);  // another component may not answer files' callers
    CHECK_EQUAL(reply(token, 0), STATUS_STALE);
    CHECK_EQUAL(threads[T_APP].state, THREAD_AWAITING);
}

TEST(a_server_may_keep_tokens_and_answer_in_any_order_from_any_of_its_threads)
{
    system_start();
    system_run(T_APP);
    call(S_DISK, 1, NULL, 0);
    uint64_t first = token_of(T_DISK);

    reply_wait(0, 0);
    system_run(T_SHELL);
    call(S_DISK, 2, NULL, 0);
    uint64_t second = token_of(T_DISK);

    CHECK_EQUAL(reply(second, 22), STATUS_OK);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), T_SHELL);
    CHECK_EQUAL(info_of(T_SHELL), 22);
    system_run(T_WORKER);
    CHECK_EQUAL(reply(first, 11), STATUS_OK);
    CHECK_EQUAL(threads[T_APP].state, THREAD_READY);
    CHECK_EQUAL(info_of(T_APP), 11);
}

TEST(a_queued_call_survives_the_death_of_a_restartable_server)
{
    system_start();
    component_end(&components[FILES], COMPONENT_STOPPED, 0);
    system_run(T_SHELL);
    call(S_FILES, 5, words, 0);
    CHECK_EQUAL(threads[T_SHELL].state, THREAD_CALLING);
    system_run(T_SUP);
    CHECK_EQUAL(sys(SYS_COMPONENT_CONTROL, S_COMPONENT + FILES, COMPONENT_OP_RESTART, 0, 0, 0), STATUS_OK);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), T_FILES);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), T_FILES);
    CHECK_EQUAL(kind_of(T_FILES), KIND_CALL);
    CHECK_EQUAL(info_of(T_FILES) & 0xffff, 5);
    check_words(T_FILES);
}

TEST(a_caller_in_service_learns_that_its_server_died)
{
    system_start();
    system_run(T_APP);
    call(S_FILES, 5, words, 0);
    host_fault(FAULT_READ, 0x10, 0);
    CHECK_EQUAL(threads[T_APP].state, THREAD_READY);
    CHECK_EQUAL(info_of(T_APP), (uint64_t)STATUS_PEER_DIED << INFO_KIND_SHIFT);
    for (unsigned i = 1; i <= 18; i++)
        CHECK_EQUAL(frame_of(T_APP)->x[i], 0);
}

TEST(a_call_to_what_was_given_up_fails_at_once_and_queued_ones_end)
{
    system_start();
    component_end(&components[FILES], COMPONENT_STOPPED, 0);
    host_leave();
    system_run(T_SHELL);
    call(S_FILES, 5, NULL, 0);
    system_run(T_SUP);
    CHECK_EQUAL(sys(SYS_COMPONENT_CONTROL, S_COMPONENT + FILES, COMPONENT_OP_GIVE_UP, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(threads[T_SHELL].state, THREAD_READY);
    CHECK_EQUAL(kind_of(T_SHELL), STATUS_PEER_GONE);
    call(S_FILES, 6, NULL, 0);
    CHECK_EQUAL(running(), T_SUP);
    CHECK_EQUAL(kind_of(T_SUP), STATUS_PEER_GONE);
}

TEST(what_is_not_restartable_and_dead_is_gone)
{
    system_start();
    system_run(T_APP);
    frame_of(T_APP)->x[0] = 0;
    host_syscall(SYS_EXIT);
    system_run(T_SHELL);
    call(S_APP, 1, NULL, 0);
    CHECK_EQUAL(kind_of(T_SHELL), STATUS_PEER_GONE);
}

TEST(servers_are_told_of_clients_that_are_gone_once_each)
{
    system_start();
    component_end(&components[GUEST], COMPONENT_STOPPED, 0);  // badge 66 at disk
    host_leave();
    CHECK_EQUAL(badge_of(T_DISK), 66);
    CHECK_EQUAL(kind_of(T_DISK), KIND_CLIENT_GONE);
    CHECK_EQUAL(token_of(T_DISK), 0);
    CHECK_EQUAL(kind_of(T_FILES), KIND_CLIENT_GONE);
    CHECK_EQUAL(badge_of(T_FILES), GUEST);
    endpoint_client_gone(&endpoints[E_FILES], 5);
    endpoint_client_gone(&endpoints[E_FILES], 5);
    endpoint_client_gone(&endpoints[E_FILES], 2);
    endpoint_client_gone(&endpoints[E_FILES], 8);  // no such client
    CHECK_EQUAL(endpoints[E_FILES].gone_count, 2);
    endpoint_receive(&threads[T_FILES], false);
    CHECK_EQUAL(badge_of(T_FILES), 2);
    endpoint_receive(&threads[T_FILES], false);
    CHECK_EQUAL(badge_of(T_FILES), 5);
    CHECK_EQUAL(endpoints[E_FILES].gone_count, 0);
}

TEST(a_granted_capability_arrives_in_a_dynamic_slot)
{
    const uint64_t with[MESSAGE_WORDS] = {[CAP_WORD] = S_SIGNAL_OWN};

    system_start();
    system_run(T_APP);
    call(S_FILES, 1, with, CAP_TRAVELS);
    CHECK_EQUAL(word_of(T_FILES, CAP_WORD), S_DYNAMIC);
    const struct cap *cap = &components[FILES].caps[S_DYNAMIC];

    CHECK(cap->object == &notifications[T_APP].head);
    CHECK_EQUAL(cap->badge, 1 << 8);
    CHECK_EQUAL(cap->rights, RIGHT_CALL | RIGHT_GRANT);
    CHECK(info_of(T_FILES) & CAP_TRAVELS);
}

TEST(a_capability_without_the_right_to_grant_arrives_as_slot_zero)
{
    const uint64_t no_right[MESSAGE_WORDS] = {[CAP_WORD] = S_WORKER},
                   empty[MESSAGE_WORDS] = {[CAP_WORD] = S_EMPTY};

    system_start();
    system_run(T_APP);
    call(S_FILES, 1, no_right, CAP_TRAVELS);
    CHECK_EQUAL(word_of(T_FILES, CAP_WORD), 0);
    reply_wait(token_of(T_FILES), 0);
    call(S_FILES, 1, empty, CAP_TRAVELS);
    CHECK_EQUAL(word_of(T_FILES, CAP_WORD), 0);
    CHECK(components[FILES].caps[S_DYNAMIC].object == NULL);
}

TEST(a_reply_can_carry_a_capability)
{
    system_start();
    system_run(T_APP);
    call(S_FILES, 1, NULL, 0);
    struct arch_frame *frame = frame_of(T_FILES);

    frame->x[0] = CAP_TRAVELS;
    frame->x[2 + CAP_WORD] = S_DISK;
    host_syscall(SYS_REPLY_WAIT);
    CHECK_EQUAL(running(), T_APP);
    CHECK_EQUAL(word_of(T_APP, CAP_WORD), S_DYNAMIC);
    CHECK_EQUAL(components[APP].caps[S_DYNAMIC].badge, FILES);
}

TEST(faults_of_a_handled_thread_become_calls_to_its_handler)
{
    system_start();
    system_run(T_GUEST2);
    frame_of(T_GUEST2)->pc = 0x200040;
    host_fault(FAULT_WRITE, 0xabc, 0x77);
    CHECK_EQUAL(running(), T_PAGER);
    CHECK_EQUAL(info_of(T_PAGER),
                (uint64_t)KIND_FAULT << INFO_KIND_SHIFT | (uint64_t)GUEST2_BADGE << INFO_SLOT_SHIFT);
    CHECK_EQUAL(word_of(T_PAGER, 0), FAULT_WRITE);
    CHECK_EQUAL(word_of(T_PAGER, 1), 0xabc);
    CHECK_EQUAL(word_of(T_PAGER, 2), 0x200040);
    CHECK_EQUAL(word_of(T_PAGER, 3), 0x77);
    frame_of(T_GUEST2)->x[3] = 0x33;
    reply_wait(token_of(T_PAGER), FAULT_REPLY_RESUME);
    CHECK_EQUAL(running(), T_GUEST2);
    CHECK_EQUAL(frame_of(T_GUEST2)->pc, 0x200040);
    CHECK_EQUAL(frame_of(T_GUEST2)->x[3], 0x33);
}

TEST(every_system_call_of_a_reflected_thread_goes_to_its_handler)
{
    system_start();
    system_run(T_GUEST);
    struct arch_frame *frame = frame_of(T_GUEST);

    for (unsigned i = 0; i <= 8; i++)
        frame->x[i] = 100 + i;
    host_syscall(SYS_COUNT + 1000);
    CHECK_EQUAL(running(), T_PAGER);
    CHECK_EQUAL(word_of(T_PAGER, 0), FAULT_FOREIGN_CALL);
    CHECK_EQUAL(word_of(T_PAGER, 1), 108);
    for (unsigned i = 0; i < 6; i++)
        CHECK_EQUAL(word_of(T_PAGER, 2 + i), 100 + i);
    frame_of(T_PAGER)->x[2] = 4711;
    frame_of(T_PAGER)->x[0] = FAULT_REPLY_RESULT;
    host_syscall(SYS_REPLY_WAIT);
    CHECK_EQUAL(running(), T_GUEST);
    CHECK_EQUAL(frame->x[0], 4711);
    CHECK_EQUAL(frame->x[1], 101);
}

TEST(the_handler_can_stop_the_component)
{
    system_start();
    system_run(T_GUEST2);
    host_fault(FAULT_WRITE, 0xabc, 0);
    reply_wait(token_of(T_PAGER), FAULT_REPLY_STOP);
    CHECK_EQUAL(components[GUEST].state, COMPONENT_FAULTED);
    CHECK_EQUAL(components[GUEST].fault_address, 0xabc);
    CHECK_EQUAL(threads[T_GUEST2].state, THREAD_INACTIVE);
}

TEST(a_handler_that_stops_its_own_component_receives_nothing_more)
{
    system_start();
    threads[T_WORKER].handler = &endpoints[E_DISK];
    system_run(T_WORKER);
    host_fault(FAULT_WRITE, 0xabc, 0);
    CHECK_EQUAL(running(), T_DISK);
    reply_wait(token_of(T_DISK), FAULT_REPLY_STOP);
    CHECK_EQUAL(components[DISK].state, COMPONENT_FAULTED);
    CHECK_EQUAL(threads[T_DISK].state, THREAD_INACTIVE);
}

TEST(a_fault_in_service_ends_the_component_when_its_handler_dies)
{
    system_start();
    system_run(T_GUEST2);
    host_fault(FAULT_WRITE, 0xabc, 0);
    host_fault(FAULT_READ, 1, 0);  // of the handler
    CHECK_EQUAL(components[PAGER].state, COMPONENT_FAULTED);
    CHECK_EQUAL(components[GUEST].state, COMPONENT_FAULTED);
    CHECK_EQUAL(components[GUEST].fault_address, 0xabc);
}

TEST(a_queued_fault_ends_the_component_when_its_handler_is_given_up)
{
    system_start();
    component_end(&components[PAGER], COMPONENT_STOPPED, 0);
    host_leave();
    system_run(T_GUEST2);
    host_fault(FAULT_WRITE, 0xabc, 0);
    CHECK_EQUAL(threads[T_GUEST2].state, THREAD_CALLING);
    system_run(T_SUP);
    CHECK_EQUAL(sys(SYS_COMPONENT_CONTROL, S_COMPONENT + PAGER, COMPONENT_OP_GIVE_UP, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(components[GUEST].state, COMPONENT_FAULTED);
    CHECK(endpoints[E_PAGER].queue.first == NULL);
}

TEST(a_fault_whose_handler_is_gone_ends_the_component)
{
    system_start();
    component_end(&components[PAGER], COMPONENT_STOPPED, 0);
    component_give_up(&components[PAGER]);
    host_leave();
    system_run(T_GUEST2);
    host_fault(FAULT_WRITE, 0xabc, 0);
    CHECK_EQUAL(components[GUEST].state, COMPONENT_FAULTED);
}
