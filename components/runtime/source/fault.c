// What happens to a fault that a component is handed and has no function for: the faulty thread's component stops.
// In a file of its own, so that a component's own on_fault takes its place.
// SPDX-License-Identifier: BSD-2-Clause

#include <tenon/event_loop.h>

void on_fault(struct message *message)
{
    *message = (struct message){.info = message_info(FAULT_REPLY_STOP, 0, 0, false), .token = message->token};
}
