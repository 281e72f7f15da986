// What a thread received while it waited for notification bits: kept for its event loop.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <tenon/instance.h>

// Files whatever was received with the thread: nothing is handled yet.
void backlog_keep(struct instance_thread *thread, const struct message *message);

// Takes the oldest call out. False: there is none.
MUST_CHECK bool backlog_take(struct instance_thread *thread, struct message *message);

// Takes one client that is gone. False: there is none.
MUST_CHECK bool backlog_take_gone(struct instance_thread *thread, uint32_t *badge);
