// Notification: 64 pending bits, bound to one thread, delivered by its receive.
// Invariant: while the receiver waits, no bit is pending.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/notification.h>

#include <arch/cpu.h>
#include <kernel/endpoint.h>
#include <kernel/mailbox.h>
#include <kernel/sched.h>

void notification_signal(struct notification *notification, uint64_t bits)
{
    struct thread *thread = notification->receiver;

    notification->pending |= bits;
    thread->arrived = true;
    if (thread->state != THREAD_RECEIVING || notification->pending == 0)
        return;
    endpoint_put_event(thread, KIND_NOTIFICATION, 0, notification_take(notification));
    sched_ready(thread);
}

void notification_send(struct notification *notification, uint64_t bits)
{
    struct core *home = notification->receiver->component->core;

    if (home == arch_core()) {
        notification_signal(notification, bits);
        return;
    }
    // Bits that find the mail under way go with it: its arrival takes `posted` back first, then reads them.
    __atomic_fetch_or(&notification->sent, bits, __ATOMIC_RELEASE);
    if (!__atomic_exchange_n(&notification->posted, 1, __ATOMIC_ACQ_REL))
        mailbox_post(home, &notification->mail, MAIL_SIGNAL);
}

void notification_open(struct notification *notification)
{
    (void)__atomic_exchange_n(&notification->posted, 0, __ATOMIC_ACQ_REL);
    notification_signal(notification, __atomic_exchange_n(&notification->sent, 0, __ATOMIC_ACQUIRE));
}
