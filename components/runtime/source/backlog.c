// Calls and departures that a thread received while it waited for notification bits.
// Invariant: one entry for each calling thread at most. A second call of the same thread means that the first
// has ended (it timed out), so it takes its place: the backlog never needs more than its size.
// SPDX-License-Identifier: BSD-2-Clause

#include "backlog.h"

#define THREAD_OF(token) ((token) & ((1u << TOKEN_THREAD_BITS) - 1))

static void remove_entry(struct instance_thread *thread, unsigned index)
{
    thread->backlog_count--;
    for (unsigned i = index; i < thread->backlog_count; i++)
        thread->backlog[i] = thread->backlog[i + 1];
}

static void remove_ended(struct instance_thread *thread, token_t token)
{
    for (unsigned i = 0; i < thread->backlog_count; i++) {
        if (THREAD_OF(thread->backlog[i].token) == THREAD_OF(token)) {
            remove_entry(thread, i);
            return;
        }
    }
}

static void keep_call(struct instance_thread *thread, const struct message *call)
{
    remove_ended(thread, call->token);
    if (thread->backlog_count == thread->backlog_size) {
        // A thread the builder did not know of, made at run time: the one answer that is always right.
        struct message refusal = {.info = STATUS_BAD_MESSAGE, .token = call->token};

        sys_reply(&refusal);
        return;
    }
    thread->backlog[thread->backlog_count++] = *call;
}

void backlog_keep(struct instance_thread *thread, const struct message *message)
{
    uint32_t badge = message_badge(message);

    switch (message_kind(message)) {
    case KIND_NONE: break;
    case KIND_NOTIFICATION: thread->pending |= message->words[0]; break;
    case KIND_CLIENT_GONE:
        if (badge < thread->clients)
            thread->gone[badge / 64] |= 1ull << badge % 64;
        break;
    default: keep_call(thread, message); break;
    }
}

bool backlog_take(struct instance_thread *thread, struct message *message)
{
    if (thread->backlog_count == 0)
        return false;
    *message = thread->backlog[0];
    remove_entry(thread, 0);
    return true;
}

bool backlog_take_gone(struct instance_thread *thread, uint32_t *badge)
{
    for (unsigned i = 0; i < (thread->clients + 63) / 64; i++) {
        if (thread->gone[i] != 0) {
            unsigned bit = (unsigned)__builtin_ctzll(thread->gone[i]);

            thread->gone[i] &= thread->gone[i] - 1;
            *badge = i * 64 + bit;
            return true;
        }
    }
    return false;
}
