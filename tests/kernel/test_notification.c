// Host test of kernel/object/notification.c.
// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <kernel/notification.h>

TEST(signals_before_a_receive_are_merged)
{
    system_start();
    system_run(T_APP);
    notification_signal(&notifications[T_APP], 1 << 0);
    notification_signal(&notifications[T_APP], 1 << 3);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), T_APP);
    CHECK_EQUAL(kind_of(T_APP), KIND_NOTIFICATION);
    CHECK_EQUAL(word_of(T_APP, 0), 0x9);
    CHECK_EQUAL(token_of(T_APP), 0);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), THREADS);
}

TEST(a_signal_wakes_the_receiver_and_leaves_nothing_pending)
{
    system_start();
    notification_signal(&notifications[T_FILES], 0x20);
    CHECK_EQUAL(threads[T_FILES].state, THREAD_READY);
    CHECK_EQUAL(notifications[T_FILES].pending, 0);
    CHECK_EQUAL(word_of(T_FILES, 0), 0x20);
    notification_signal(&notifications[T_FILES], 0x40);
    CHECK_EQUAL(notifications[T_FILES].pending, 0x40);
}

TEST(a_signal_of_no_bits_wakes_nobody)
{
    system_start();
    notification_signal(&notifications[T_FILES], 0);
    CHECK_EQUAL(threads[T_FILES].state, THREAD_RECEIVING);
}

TEST(a_capability_signals_its_bits_and_no_others)
{
    system_start();
    system_run(T_APP);
    CHECK_EQUAL(sys(SYS_SIGNAL, S_SIGNAL_DISK, UINT64_MAX, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(running(), T_DISK);  // a higher priority
    CHECK_EQUAL(word_of(T_DISK, 0), 1ull << (32 + APP));
    for (unsigned i = 1; i < MESSAGE_WORDS; i++)
        CHECK_EQUAL(word_of(T_DISK, i), 0);
    for (unsigned i = 12; i <= 18; i++)
        CHECK_EQUAL(frame_of(T_DISK)->x[i], 0);
}

TEST(a_signal_needs_the_right)
{
    system_start();
    system_run(T_APP);
    CHECK_EQUAL(sys(SYS_SIGNAL, S_SIGNAL_MUTE, 0, 0, 0, 0), STATUS_DENIED);
    CHECK_EQUAL(sys(SYS_SIGNAL, S_DISK, 0, 0, 0, 0), STATUS_BAD_TYPE);
    CHECK_EQUAL(sys(SYS_SIGNAL, S_EMPTY, 0, 0, 0, 0), STATUS_BAD_SLOT);
    CHECK_EQUAL(notifications[T_APP].pending, 0);
}

TEST(bits_come_before_clients_that_are_gone_and_before_callers)
{
    system_start();
    system_run(T_FILES);
    system_run(T_APP);          // files blocks again
    call(S_FILES, 1, NULL, 0);  // files serves it and, while it does, three things arrive
    CHECK_EQUAL(running(), T_FILES);
    uint64_t first = token_of(T_FILES);
    struct thread *shell = &threads[T_SHELL];

    notification_signal(shell->notification, WAKE);
    reply_wait(0, 0);  // deferred: shell runs
    CHECK_EQUAL(running(), T_SHELL);
    call(S_FILES, 2, NULL, 0);
    CHECK_EQUAL(running(), T_FILES);
    CHECK_EQUAL(badge_of(T_FILES), SHELL);
    notification_signal(&notifications[T_FILES], 4);
    reply_wait(first, 0);
    CHECK_EQUAL(kind_of(T_FILES), KIND_NOTIFICATION);
    CHECK_EQUAL(word_of(T_FILES, 0), 4);
}

TEST(polling_takes_bits_without_blocking)
{
    system_start();
    system_run(T_APP);
    host_syscall(SYS_POLL);
    CHECK_EQUAL(running(), T_APP);
    CHECK_EQUAL(kind_of(T_APP), KIND_NONE);
    notification_signal(&notifications[T_APP], 6);
    host_syscall(SYS_POLL);
    CHECK_EQUAL(kind_of(T_APP), KIND_NOTIFICATION);
    CHECK_EQUAL(word_of(T_APP, 0), 6);
}
