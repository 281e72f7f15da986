// Endpoint: where one thread receives. Callers queue in order of arrival; the bit set `gone` remembers clients
// that died, one bit each, so that nothing can overflow.
// Invariant: while the receiver waits, its queue and `gone` are empty.
//
// A call ends exactly once, in end_call(): by reply, timeout, death of the server, or giving up. Its number is in
// the token; it names a call only while the caller awaits the reply and made no other call since.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/endpoint.h>

#include <arch/cpu.h>
#include <kernel/cap.h>
#include <kernel/component.h>
#include <kernel/layout.h>
#include <kernel/lend.h>
#include <kernel/notification.h>
#include <kernel/sched.h>
#include <kernel/thread_list.h>
#include <kernel/travel.h>

#define TOKEN_NEXT_CALL (1ull << TOKEN_THREAD_BITS)
#define INFO_CAP (1ull << INFO_CAP_BIT)
// What a receiver may see of a sender's info word: label, words, lends, capability.
#define INFO_SENDER_MASK ((1ull << (INFO_CAP_BIT + 1)) - 1)

static void copy_words(struct arch_frame *to, const struct arch_frame *from)
{
    for (unsigned i = 0; i < MESSAGE_WORDS; i++)
        frame_set(to, FRAME_WORD + i, frame_get(from, FRAME_WORD + i));
}

// Puts a message head into a frame; the words stay as they are.
static void put_head(struct arch_frame *frame, uint64_t info, uint64_t token)
{
    frame_set(frame, FRAME_INFO, info);
    frame_set(frame, FRAME_TOKEN, token);
    frame_clear_scratch(frame);
}

void endpoint_put_event(struct thread *receiver, uint64_t kind, uint64_t badge, uint64_t word)
{
    put_head(&receiver->frame, kind << INFO_KIND_SHIFT | badge << INFO_SLOT_SHIFT, 0);
    frame_set(&receiver->frame, FRAME_WORD, word);
    for (unsigned i = 1; i < MESSAGE_WORDS; i++)
        frame_set(&receiver->frame, FRAME_WORD + i, 0);
}

// What the sender's word 5 names, if it may be given away; else NULL.
static const struct cap *granted_cap(const struct thread *from)
{
    const struct cap *cap = cap_at(from->component, frame_get(&from->frame, FRAME_WORD + CAP_WORD));

    return cap && cap->rights & RIGHT_GRANT ? cap : NULL;
}

// Tables are touched at home only, so a capability that goes to another core is packed up there.
static void pack_cap(const struct thread *from, struct thread *carrier)
{
    const struct cap *cap = granted_cap(from);

    carrier->carried = cap && cap_may_travel(cap) ? *cap : (struct cap){0};
    frame_set(&carrier->frame, FRAME_WORD + CAP_WORD, 0);
}

// It arrives in the receiver's table, or as slot 0.
static void transfer_cap(struct thread *from, struct thread *to)
{
    const struct cap *cap = from->call & CALL_FOREIGN ? &from->carried : granted_cap(from);
    uint32_t arrived = cap && cap->object ? cap_install(to->component, cap) : 0;

    frame_set(&to->frame, FRAME_WORD + CAP_WORD, arrived);
}

// --- Delivery --------------------------------------------------------------------------------

static void deliver_fault(struct thread *caller, struct thread *receiver)
{
    struct arch_frame *frame = &receiver->frame;
    uint64_t words[MESSAGE_WORDS] = {caller->fault_reason, caller->fault_address, caller->frame.pc, caller->fault_detail,
                                     guest_value(caller), [MESSAGE_WORDS - 1] = guest_refused(caller)};

    if (caller->fault_reason == FAULT_FOREIGN_CALL) {
        for (unsigned i = 0; i < 7; i++)
            words[1 + i] = frame_foreign(&caller->frame, i);
    }
    for (unsigned i = 0; i < MESSAGE_WORDS; i++)
        frame_set(frame, FRAME_WORD + i, words[i]);
    put_head(frame, (uint64_t)KIND_FAULT << INFO_KIND_SHIFT | caller->badge << INFO_SLOT_SHIFT, caller->token);
}

static void deliver_call(struct thread *caller, struct thread *receiver)
{
    uint64_t info = frame_get(&caller->frame, FRAME_INFO) & INFO_SENDER_MASK;

    copy_words(&receiver->frame, &caller->frame);
    if (caller->lends)
        lend_describe(caller, &receiver->frame);
    if (info & INFO_CAP)
        transfer_cap(caller, receiver);
    put_head(&receiver->frame, info | caller->badge << INFO_SLOT_SHIFT, caller->token);
}

// The receiver takes the caller's message and works on the caller's budget from here on.
static void deliver(struct thread *caller, struct thread *receiver)
{
    caller->state = THREAD_AWAITING;
    caller->server = receiver->component;
    // Budgets stay on their core: for a caller from elsewhere the receiver works on its own.
    if (!(caller->call & CALL_FOREIGN))
        receiver->sched_context = caller->sched_context;
    receiver->charge = NULL;
    if (caller->call & CALL_FAULT)
        deliver_fault(caller, receiver);
    else
        deliver_call(caller, receiver);
}

// --- Calling ---------------------------------------------------------------------------------

// The caller is here, and its message and what it calls are known.
static void send_here(struct core *core, struct thread *caller)
{
    struct endpoint *endpoint = caller->peer;
    struct thread *receiver = endpoint->receiver;
    bool running = core->current == caller;

    caller->token += TOKEN_NEXT_CALL;
    if (receiver->state == THREAD_RECEIVING) {
        deliver(caller, receiver);
        if (running)
            sched_switch(core, receiver);
        else
            sched_ready(receiver);
        return;
    }
    caller->state = THREAD_CALLING;
    thread_list_append(&endpoint->queue, caller);
    receiver->arrived = true;
    if (running)
        core->current = NULL;
}

static void send(struct core *core, struct thread *caller, struct endpoint *endpoint, uint64_t badge)
{
    struct core *home = endpoint->receiver->component->core;

    caller->peer = endpoint;
    caller->badge = badge;
    if (home == core)
        send_here(core, caller);
    else
        travel_depart(caller, home, ERRAND_CALL);
}

void endpoint_arrive(struct core *core, struct thread *caller)
{
    caller->call |= CALL_FOREIGN;
    if (component_is_served(caller->peer->receiver->component)) {
        send_here(core, caller);
        return;
    }
    caller->state = THREAD_CALLING; // for the moment: end_call() is for calls
    thread_list_append(&caller->peer->queue, caller);
    endpoint_end_call(caller, STATUS_PEER_GONE);
}

enum status endpoint_call(struct core *core, struct thread *caller, const struct cap *cap)
{
    struct endpoint *endpoint = CONTAINER_OF(cap->object, struct endpoint, head);
    bool across = cap->rights & RIGHT_CALL_ACROSS;

    // Whether a server on another core is there is seen there.
    if (!across && !component_is_served(endpoint->receiver->component))
        return STATUS_PEER_GONE;
    if (endpoint->receiver == caller)
        return STATUS_BAD_ARGUMENT;
    enum status status = lend_decode(caller);

    if (status != STATUS_OK)
        return status;
    caller->timeout = cap->timeout ? cap->timeout + 1u : 0;
    caller->call = 0;
    if (across) {
        if (frame_get(&caller->frame, FRAME_INFO) & INFO_CAP)
            pack_cap(caller, caller);
        lend_mark_across(caller);
    }
    send(core, caller, endpoint, cap->badge);
    return STATUS_OK;
}

void endpoint_send_fault(struct core *core, struct thread *thread)
{
    thread->call = CALL_FAULT | guest_call(thread);
    thread->timeout = 0;
    thread->lends = 0;
    send(core, thread, thread->handler, thread->handler_badge);
}

// --- Receiving -------------------------------------------------------------------------------

static bool receive_gone(struct thread *receiver, struct endpoint *endpoint)
{
    for (uint32_t word = 0; word < (endpoint->clients + 63) / 64; word++) {
        if (endpoint->gone[word] == 0)
            continue;
        uint64_t bit = (uint64_t)__builtin_ctzll(endpoint->gone[word]);

        endpoint->gone[word] &= endpoint->gone[word] - 1;
        endpoint->gone_count--;
        endpoint_put_event(receiver, KIND_CLIENT_GONE, word * 64ull + bit, 0);
        return true;
    }
    return false;
}

static bool receive_call(struct thread *receiver, struct endpoint *endpoint)
{
    struct thread *caller = endpoint->queue.first;

    if (caller == NULL)
        return false;
    thread_list_remove(&endpoint->queue, caller);
    deliver(caller, receiver);
    return true;
}

void endpoint_receive(struct thread *receiver, bool poll)
{
    struct endpoint *endpoint = receiver->receives;

    receiver->sched_context = receiver->component->account;
    receiver->charge = NULL;
    if (receiver->notification->pending) {
        endpoint_put_event(receiver, KIND_NOTIFICATION, 0, notification_take(receiver->notification));
        return;
    }
    if (endpoint && ((endpoint->gone_count && receive_gone(receiver, endpoint)) || receive_call(receiver, endpoint)))
        return;
    if (poll) {
        endpoint_put_event(receiver, KIND_NONE, 0, 0);
        return;
    }
    receiver->arrived = false;
    receiver->state = THREAD_RECEIVING;
    if (receiver->core->current == receiver)
        receiver->core->current = NULL;
}

// --- Ends of a call --------------------------------------------------------------------------

// The caller is in no call and in no queue from here on; what it does next is for the one who ended the call to say.
static inline void forget(struct thread *caller)
{
    if (caller->state == THREAD_CALLING)
        thread_list_remove(&caller->peer->queue, caller);
    caller->state = THREAD_INACTIVE;
    caller->timeout = 0;
    caller->lends = 0;
    caller->call = 0;
    caller->carried.object = NULL;
    caller->peer = NULL;
    caller->server = NULL;
}

static bool in_call(const struct thread *thread)
{
    return thread->state == THREAD_CALLING || thread->state == THREAD_AWAITING;
}

void endpoint_forget_call(struct thread *caller)
{
    if (in_call(caller))
        forget(caller);
}

void endpoint_end_call(struct thread *caller, enum status status)
{
    if (!in_call(caller))
        return;
    uint8_t call = caller->call;

    forget(caller);
    if (call & CALL_FAULT) {
        // Nobody is left who could mend it.
        travel_fail(caller);
        return;
    }
    endpoint_put_event(caller, status, 0, 0);
    travel_resume(caller, call);
}

// Returns false if the caller does not go on.
static bool answer_fault(struct thread *server, struct thread *caller)
{
    uint64_t result = frame_get(&server->frame, FRAME_INFO) & ((1u << INFO_LABEL_BITS) - 1);

    if (result == FAULT_REPLY_STOP) {
        travel_fail(caller);
        return false;
    }
    if (result == FAULT_REPLY_RESULT && caller->fault_reason == FAULT_FOREIGN_CALL)
        frame_set_foreign_result(&caller->frame, frame_get(&server->frame, FRAME_WORD));
    guest_answer(caller, &server->frame, result);
    return true;
}

static void answer_call(struct thread *server, struct thread *caller, uint8_t call)
{
    uint64_t info = frame_get(&server->frame, FRAME_INFO) & INFO_SENDER_MASK;

    info &= ~((uint64_t)INFO_LENDS_MASK << INFO_LENDS_SHIFT);
    copy_words(&caller->frame, &server->frame);
    if (info & INFO_CAP && call & CALL_FOREIGN)
        pack_cap(server, caller); // its word is set when it gets home
    else if (info & INFO_CAP)
        transfer_cap(server, caller);
    put_head(&caller->frame, info, 0);
}

enum status endpoint_reply(struct thread *server, uint64_t token, struct thread **out)
{
    struct thread *caller = token_caller(server->component, token);

    *out = NULL;
    if (caller == NULL)
        return STATUS_STALE;
    // What the server does from here on is not this caller's to pay.
    if (server->sched_context == caller->sched_context || server->charge == caller->sched_context) {
        server->sched_context = server->component->account;
        server->charge = NULL;
    }
    uint8_t call = caller->call;

    forget(caller);
    if (call & CALL_FAULT) {
        if (!answer_fault(server, caller))
            return STATUS_OK;
    } else {
        answer_call(server, caller, call);
    }
    if (UNLIKELY(call & (CALL_FOREIGN | CALL_LENT_ON))) {
        travel_resume(caller, call);
        return STATUS_OK;
    }
    caller->state = THREAD_READY;
    *out = caller;
    return STATUS_OK;
}

void endpoint_flush(struct endpoint *endpoint, enum status status)
{
    while (endpoint->queue.first)
        endpoint_end_call(endpoint->queue.first, status);
}

// --- Clients that are gone -------------------------------------------------------------------

void endpoint_client_gone(struct endpoint *endpoint, uint64_t badge)
{
    if (badge >= endpoint->clients)
        return;
    uint64_t bit = 1ull << (badge % 64);
    uint64_t *word = &endpoint->gone[badge / 64];

    if (!(*word & bit)) {
        *word |= bit;
        endpoint->gone_count++;
        endpoint->receiver->arrived = true;
    }
    if (endpoint->receiver->state == THREAD_RECEIVING && receive_gone(endpoint->receiver, endpoint))
        sched_ready(endpoint->receiver);
}

void endpoint_forget_gone(struct endpoint *endpoint)
{
    for (uint32_t word = 0; word < (endpoint->clients + 63) / 64; word++)
        endpoint->gone[word] = 0;
    endpoint->gone_count = 0;
}
