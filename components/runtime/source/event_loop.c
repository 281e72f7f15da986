// The event loop: receive, dispatch, reply and receive again in one system call.
// SPDX-License-Identifier: BSD-2-Clause

#include <tenon/event_loop.h>
#include <tenon/instance.h>

#include "backlog.h"

static bool is_ready;

void ready(void)
{
    if (is_ready)
        return;
    is_ready = true;
    sys_ready();
    for (unsigned i = 0; i < instance.dependant_count; i++)
        sys_signal(instance.dependants[i]);
}

static uint64_t take_bits(unsigned thread, uint64_t bits)
{
    uint64_t found = instance_threads[thread].pending & bits;

    instance_threads[thread].pending &= ~found;
    return found;
}

// The supervisor asks whether main still runs; being here is the answer.
static void answer_ping(unsigned thread)
{
    if (thread == 0 && take_bits(0, instance.ping_bit) != 0)
        sys_signal(instance.pong);
}

static void dispatch_pending(unsigned thread)
{
    answer_ping(thread);

    uint64_t bits = take_bits(thread, ~0ull);

    if (bits != 0)
        instance_dispatch_bits(thread, bits);
}

// Handles what came; afterwards the message is a reply, or its token is 0.
static void dispatch(unsigned thread, struct message *message)
{
    switch (message_kind(message)) {
    case KIND_CALL: instance_dispatch_call(thread, message); return;
    case KIND_FAULT: on_fault(message); return;
    case KIND_NOTIFICATION: instance_threads[thread].pending |= message->words[0]; break;
    case KIND_CLIENT_GONE: instance_client_gone(thread, message_badge(message)); break;
    default: break;
    }
    message->token = 0;
}

// Handles what was kept while a handler, or the start, waited for bits.
static void dispatch_backlog(unsigned thread)
{
    struct message message;
    uint32_t badge;

    dispatch_pending(thread);
    while (backlog_take_gone(&instance_threads[thread], &badge))
        instance_client_gone(thread, badge);
    while (backlog_take(&instance_threads[thread], &message)) {
        dispatch(thread, &message);
        if (message.token != 0)
            sys_reply(&message);
    }
}

static bool has_backlog(const struct instance_thread *thread)
{
    bool found = thread->pending != 0 || thread->backlog_count != 0;

    for (unsigned i = 0; i < (thread->clients + 63) / 64; i++)
        found |= thread->gone[i] != 0;
    return found;
}

void event_loop_run_thread(unsigned thread)
{
    struct message message = {0};

    for (;;) {
        while (has_backlog(&instance_threads[thread])) {
            if (message.token != 0)
                sys_reply(&message);
            message.token = 0;
            dispatch_backlog(thread);
        }
        sys_reply_wait(&message);
        dispatch(thread, &message);
    }
}

void event_loop_run(void)
{
    ready();
    event_loop_run_thread(0);
}

uint64_t wait_bits_thread(unsigned thread, uint64_t bits)
{
    uint64_t found;

    answer_ping(thread);
    while ((found = take_bits(thread, bits)) == 0) {
        struct message message = {0};

        sys_reply_wait(&message);
        backlog_keep(&instance_threads[thread], &message);
        answer_ping(thread);
    }
    return found;
}

uint64_t wait_bits(uint64_t bits)
{
    return wait_bits_thread(0, bits);
}

uint64_t poll_bits(uint64_t bits)
{
    struct message message;

    sys_poll(&message);
    backlog_keep(&instance_threads[0], &message);
    answer_ping(0);
    return take_bits(0, bits);
}
