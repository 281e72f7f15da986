// Notifications: 64 bits that a thread finds in its receive.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

// Sets the bits, and wakes the receiver if it waits. At home on this core.
void notification_signal(struct notification *notification, uint64_t bits);
// As notification_signal, for one that may be at home on another core; then it happens there, soon.
void notification_send(struct notification *notification, uint64_t bits);
// Its bits from other cores have arrived.
void notification_open(struct notification *notification);
// Takes all pending bits, 0 if none.
static inline uint64_t notification_take(struct notification *notification)
{
    uint64_t bits = notification->pending;

    notification->pending = 0;
    return bits;
}
