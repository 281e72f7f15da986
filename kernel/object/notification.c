// Notification: 64 pending bits, bound to one thread, delivered by its receive.
// Invariant: while the receiver waits, no bit is pending.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/notification.h>

#include <kernel/endpoint.h>
#include <kernel/sched.h>

void notification_signal(struct notification *notification, uint64_t bits)
{
    struct thread *thread = notification->receiver;

    notification->pending |= bits;
    thread->arrived = true;
    if (thread->state != THREAD_RECEIVING || notification->pending == 0)
        return;
    endpoint_deliver_bits(thread);
    sched_ready(thread);
}

uint64_t notification_take(struct notification *notification)
{
    uint64_t bits = notification->pending;

    notification->pending = 0;
    return bits;
}
