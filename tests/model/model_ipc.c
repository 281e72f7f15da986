// Messages in the model: calls, replies, notifications, faults as calls, clients that are gone.
// SPDX-License-Identifier: BSD-2-Clause
#include "model.h"

#include <string.h>

#define WORD(t, n)  ((t)->x[2 + (n)])
#define CAP_TRAVELS (1ull << INFO_CAP_BIT)
// Label, words, lends and capability bit pass from the sender; the rest of the info word is the kernel's.
#define INFO_PASSED 0x7fffffull

static void set_message(struct model_thread *t, uint64_t info, uint64_t token,
                        const uint64_t words[MESSAGE_WORDS])
{
    t->x[0] = info;
    t->x[1] = token;
    memcpy(&t->x[2], words, MESSAGE_WORDS * sizeof words[0]);
    for (unsigned i = 12; i <= 18; i++)
        t->x[i] = 0;
    t->token_of = NOBODY;
}

static void set_event(struct model_thread *t, uint64_t kind, uint64_t badge, uint64_t word)
{
    const uint64_t words[MESSAGE_WORDS] = {word};

    set_message(t, kind << INFO_KIND_SHIFT | badge << INFO_SLOT_SHIFT, 0, words);
}

static int endpoint_of(const struct model_thread *t)
{
    const struct endpoint *receives = layout_threads[t - model.threads].receives;

    return receives ? (int)(receives - endpoints) : NOBODY;
}

void signal_bits(unsigned thread, uint64_t bits)
{
    struct model_thread *t = &model.threads[thread];

    t->bits |= bits;
    if (t->state != M_RECEIVING || t->bits == 0)
        return;
    set_event(t, KIND_NOTIFICATION, 0, t->bits);
    t->bits = 0;
    make_ready(t);
}

// --- Delivery --------------------------------------------------------------------------------

// A copy in the receiver's first free dynamic slot, whose number replaces the sender's.
static uint64_t pass_cap(const struct model_thread *from, const struct model_thread *to)
{
    struct model_cap *cap;
    struct model_component *c = &model.components[to->component];

    if (find_cap(from->component, WORD(from, CAP_WORD), CAP_NONE, RIGHT_GRANT, &cap) != STATUS_OK)
        return 0;
    for (unsigned slot = S_DYNAMIC; slot < SLOTS; slot++) {
        if (!cap_is_valid(&c->caps[slot])) {
            c->caps[slot] = *cap;
            return slot;
        }
    }
    return 0;
}

// What the server sees of the lends: length and rights.
static void show_lends(const struct model_thread *caller, uint64_t words[MESSAGE_WORDS])
{
    if (caller->lends == 0)
        return;
    for (unsigned i = 0; i < LENDS_MAX; i++) {
        const struct model_lend *lend = &caller->lend[i];

        words[LEND_FIRST_WORD + 2 * i] = 0;
        words[LEND_FIRST_WORD + 2 * i + 1] =
            i < caller->lends ? lend->bytes | (lend->flags & (LEND_READ | LEND_WRITE)) : 0;
    }
}

static void deliver_fault(struct model_thread *caller, struct model_thread *receiver)
{
    uint64_t words[MESSAGE_WORDS] = {caller->reason, caller->address, caller->pc, caller->detail};

    // A foreign call: its number register is x8 on this machine.
    if (caller->reason == FAULT_FOREIGN_CALL) {
        words[1] = caller->x[8];
        for (unsigned i = 0; i < 6; i++)
            words[2 + i] = caller->x[i];
    }
    set_message(receiver, (uint64_t)KIND_FAULT << INFO_KIND_SHIFT | caller->badge << INFO_SLOT_SHIFT, 0,
                words);
}

static void deliver_call(struct model_thread *caller, struct model_thread *receiver)
{
    uint64_t words[MESSAGE_WORDS], info = caller->x[0] & INFO_PASSED;

    memcpy(words, &caller->x[2], sizeof words);
    show_lends(caller, words);
    if (info & CAP_TRAVELS)
        words[CAP_WORD] = pass_cap(caller, receiver);
    set_message(receiver, info | caller->badge << INFO_SLOT_SHIFT, 0, words);
}

static void deliver(struct model_thread *caller, struct model_thread *receiver)
{
    caller->state = M_AWAITING;
    caller->server = (int)receiver->component;
    receiver->pays = caller->pays;
    receiver->owes = NOBODY;
    if (caller->fault)
        deliver_fault(caller, receiver);
    else
        deliver_call(caller, receiver);
    receiver->token_of = (int)(caller - model.threads);
}

bool model_learn_token(unsigned receiver, uint64_t token)
{
    struct model_thread *r = &model.threads[receiver], *caller = &model.threads[r->token_of];

    // Thread ids count from 1; numbers only grow.
    if ((token & 0xffff) != (uint64_t)r->token_of + 1 ||
        token >> TOKEN_THREAD_BITS <= caller->last_token >> TOKEN_THREAD_BITS)
        return false;
    r->x[1] = token;
    r->token_of = NOBODY;
    caller->token = caller->last_token = token;
    return true;
}

// --- Calling ---------------------------------------------------------------------------------

static void send(struct model_thread *t, unsigned endpoint, uint64_t badge)
{
    struct model_endpoint *e = &model.endpoints[endpoint];
    struct model_thread *receiver = &model.threads[e->receiver];

    t->endpoint = (int)endpoint;
    t->badge = badge;
    t->token = 0;
    if (receiver->state == M_RECEIVING) {
        deliver(t, receiver);
        make_ready_first(receiver);
        return;
    }
    t->state = M_CALLING;
    e->queue[e->length++] = (int)(t - model.threads);
}

static bool take_lends(struct model_thread *t)
{
    unsigned count = t->x[0] >> INFO_LENDS_SHIFT & INFO_LENDS_MASK;
    struct model_lend lends[LENDS_MAX] = {{0}};

    if (count > LENDS_MAX)
        return false;
    for (unsigned i = 0; i < count; i++) {
        uint64_t address = WORD(t, 6 + 2 * i), word = WORD(t, 7 + 2 * i);

        lends[i] =
            (struct model_lend){.address = address, .bytes = word & ~LEND_FLAGS, .flags = word & LEND_FLAGS};
        if (lends[i].bytes > LEND_BYTES_MAX || !(word & (LEND_READ | LEND_WRITE)))
            return false;
        if (address > UINT64_MAX - lends[i].bytes)
            return false;
        if (word & LEND_BORROWED) {
            if (count != 1)
                return false;
            lends[i].outer = WORD(t, 8);
        }
    }
    t->lends = count;
    memcpy(t->lend, lends, sizeof lends);
    return true;
}

int ipc_call(struct model_thread *t)
{
    struct model_cap *cap;
    int status = find_cap(t->component, t->x[0] >> INFO_SLOT_SHIFT, CAP_ENDPOINT, RIGHT_CALL, &cap);

    if (status == STATUS_OK) {
        unsigned receiver = model.endpoints[cap->object].receiver;

        if (!component_served(model.threads[receiver].component))
            status = STATUS_PEER_GONE;
        else if (&model.threads[receiver] == t || !take_lends(t))
            status = STATUS_BAD_ARGUMENT;
    }
    if (status != STATUS_OK) {
        set_event(t, (uint64_t)status, 0, 0);
        return status;
    }
    t->earliest = t->latest = NO_TIME;
    if (cap->timeout) {
        t->earliest = model.now + (nanos_t)cap->timeout * GRANULE;
        t->latest = t->earliest + GRANULE;
    }
    t->fault = false;
    send(t, cap->object, cap->badge);
    return GOES_ON;
}

void ipc_fault(struct model_thread *t)
{
    if (t->handler == NOBODY ||
        !component_served(model.threads[model.endpoints[t->handler].receiver].component)) {
        component_fails(t);
        return;
    }
    t->fault = true;
    t->lends = 0;
    t->earliest = t->latest = NO_TIME;
    send(t, (unsigned)t->handler, t->handler_badge);
}

// --- Receiving -------------------------------------------------------------------------------

static bool receive_gone(struct model_thread *t, struct model_endpoint *e)
{
    for (unsigned badge = 0; badge < CLIENTS_MAX; badge++) {
        if (!e->gone[badge])
            continue;
        e->gone[badge] = false;
        set_event(t, KIND_CLIENT_GONE, badge, 0);
        return true;
    }
    return false;
}

static struct model_thread *leave_queue(struct model_endpoint *e, unsigned position)
{
    struct model_thread *t = &model.threads[e->queue[position]];

    for (unsigned i = position; i + 1 < e->length; i++)
        e->queue[i] = e->queue[i + 1];
    e->length--;
    return t;
}

void ipc_receive(struct model_thread *t, bool poll)
{
    int own = endpoint_of(t);
    struct model_endpoint *e = own == NOBODY ? NULL : &model.endpoints[own];

    t->pays = (int)own_budget(t);
    t->owes = NOBODY;
    if (t->bits) {
        set_event(t, KIND_NOTIFICATION, 0, t->bits);
        t->bits = 0;
    } else if (e && receive_gone(t, e)) {
        return;
    } else if (e && e->length > 0) {
        deliver(leave_queue(e, 0), t);
    } else if (poll) {
        set_event(t, KIND_NONE, 0, 0);
    } else {
        t->state = M_RECEIVING;
    }
}

// --- Ends ------------------------------------------------------------------------------------

void ipc_leave_call(struct model_thread *t)
{
    if (t->state == M_CALLING) {
        struct model_endpoint *e = &model.endpoints[t->endpoint];

        for (unsigned i = 0; i < e->length; i++) {
            if (e->queue[i] == t - model.threads) {
                leave_queue(e, i);
                break;
            }
        }
    }
    t->state = M_INACTIVE;  // until whoever ended the call says more
    t->lends = 0;
    t->token = 0;
    t->server = t->endpoint = NOBODY;
    t->earliest = t->latest = NO_TIME;
}

void ipc_end_call(struct model_thread *t, enum status status)
{
    ipc_leave_call(t);
    if (t->fault) {
        t->fault = false;
        component_fails(t);
        return;
    }
    set_event(t, status, 0, 0);
    make_ready(t);
}

struct model_thread *ipc_caller(unsigned component, uint64_t token)
{
    for (int i = 0; i < THREADS; i++) {
        struct model_thread *t = &model.threads[i];

        if (token != 0 && t->state == M_AWAITING && t->server == (int)component && t->token == token)
            return t;
    }
    return NULL;
}

static void answer_fault(struct model_thread *t, struct model_thread *caller, int *free_to_go)
{
    uint64_t result = t->x[0] & 0xffff;

    ipc_leave_call(caller);
    caller->fault = false;
    if (result == FAULT_REPLY_STOP) {
        component_fails(caller);
        return;
    }
    if (result == FAULT_REPLY_RESULT && caller->reason == FAULT_FOREIGN_CALL)
        caller->x[0] = WORD(t, 0);
    *free_to_go = (int)(caller - model.threads);
}

int ipc_reply(struct model_thread *t, uint64_t token, int *free_to_go)
{
    struct model_thread *caller = ipc_caller(t->component, token);

    *free_to_go = NOBODY;
    if (caller == NULL)
        return STATUS_STALE;
    if (t->pays == caller->pays || t->owes == caller->pays) {
        t->pays = (int)own_budget(t);
        t->owes = NOBODY;
    }
    if (caller->fault) {
        answer_fault(t, caller, free_to_go);
        return STATUS_OK;
    }
    uint64_t words[MESSAGE_WORDS],
        info = t->x[0] & INFO_PASSED & ~((uint64_t)INFO_LENDS_MASK << INFO_LENDS_SHIFT);

    ipc_leave_call(caller);
    memcpy(words, &t->x[2], sizeof words);
    if (info & CAP_TRAVELS)
        words[CAP_WORD] = pass_cap(t, caller);
    set_message(caller, info, 0, words);
    *free_to_go = (int)(caller - model.threads);
    return STATUS_OK;
}

void ipc_client_gone(unsigned endpoint, uint64_t badge)
{
    struct model_endpoint *e = &model.endpoints[endpoint];
    struct model_thread *receiver = &model.threads[e->receiver];

    if (badge >= endpoints[endpoint].clients)
        return;
    e->gone[badge] = true;
    if (receiver->state == M_RECEIVING && receive_gone(receiver, e))
        make_ready(receiver);
}

void ipc_flush(unsigned component)
{
    for (unsigned i = 0; i < ENDPOINTS; i++) {
        struct model_endpoint *e = &model.endpoints[i];

        while (model.threads[e->receiver].component == component && e->length > 0)
            ipc_end_call(&model.threads[e->queue[0]], STATUS_PEER_GONE);
    }
}
