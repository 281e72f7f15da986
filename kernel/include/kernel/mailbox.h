// What cores send each other. Sending takes no lock and never waits; what one core sends another arrives in order, and
// after all that the sender knew of when it sent it. But a signal that merges with another core's goes with that one's mail.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

// `mail` must not be under way.
void mailbox_post(struct core *to, struct mail *mail, enum mail_kind kind);

// Acts on all that has arrived; called when the core was kicked, and once when it starts.
void mailbox_open(struct core *core);
