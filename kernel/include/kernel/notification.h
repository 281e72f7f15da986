// Notifications: 64 bits that a thread finds in its receive.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

// Sets the bits, and wakes the receiver if it waits.
void notification_signal(struct notification *notification, uint64_t bits);
// Takes all pending bits, 0 if none.
uint64_t notification_take(struct notification *notification);
