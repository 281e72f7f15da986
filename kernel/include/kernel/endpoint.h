// Endpoints: call, receive, reply, and the ends a call can have.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <arch/cpu.h>
#include <kernel/object.h>

// The calling thread sends the message in its frame through `cap` and blocks. On a status other than OK nothing was sent.
MUST_CHECK enum status endpoint_call(struct core *core, struct thread *caller, const struct cap *cap);

// A thread from another core arrives with its call, or its fault, for thread->peer.
void endpoint_arrive(struct core *core, struct thread *caller);

// The thread gets the first thing that waits for it, else KIND_NONE (poll) or it blocks.
void endpoint_receive(struct thread *receiver, bool poll);

// Answers the call `token` names with the message in the server's frame. STALE if it has ended.
// The caller is ready then and returned for a direct switch; NULL if it has a way to go first, or its component ended.
MUST_CHECK enum status endpoint_reply(struct thread *server, uint64_t token, struct thread **caller);

// A thread's fault or foreign call goes to its handler as a call. The frame is not touched.
void endpoint_send_fault(struct core *core, struct thread *thread);

// Ends the call the thread is in, queued or in service, with `status`. No effect if it is in none.
void endpoint_end_call(struct thread *caller, enum status status);
// The same without a result: the caller's component has ended.
void endpoint_forget_call(struct thread *caller);

// Every queued caller of the endpoint gets `status`.
void endpoint_flush(struct endpoint *endpoint, enum status status);

// The client with this badge is gone: its server will be told.
void endpoint_client_gone(struct endpoint *endpoint, uint64_t badge);
// Nothing is remembered of gone clients: the server itself starts anew.
void endpoint_forget_gone(struct endpoint *endpoint);

// Puts a message of the kernel's own into a frame: a KIND_* or, where a reply is awaited, a status; the rest is zero.
void endpoint_put_event(struct thread *receiver, uint64_t kind, uint64_t badge, uint64_t word);

// The thread whose current call `token` names, if a thread of `server` may answer it; else NULL.
static inline struct thread *token_caller(const struct component *server, uint64_t token)
{
    const struct core *core = arch_core();
    uint64_t id = token & ((1ull << TOKEN_THREAD_BITS) - 1);

    if (id >= core->thread_count)
        return NULL;
    struct thread *caller = core->threads[arch_index(id, core->thread_count)];

    if (caller == NULL || caller->state != THREAD_AWAITING || caller->server != server)
        return NULL;
    return caller->token == token ? caller : NULL;
}
