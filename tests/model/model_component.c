// Components in the model: their ends, restarts and memory.
//
// An end stops the threads at once. What others learn of it comes before any thread runs again: callers in
// service, then the servers it called, then its queue if it will not be served again, then its watcher. An
// end that an end causes (a fault whose handler is gone) is worked through first. SPDX-License-Identifier:
// BSD-2-Clause
#include "model.h"

#include <abi/report.h>

#include <string.h>

enum { END_NONE, END_CALLERS, END_SERVERS };

void model_start_component(unsigned component);

bool component_served(unsigned component)
{
    enum component_state state = model.components[component].state;

    if (state == COMPONENT_RUNNING || state == COMPONENT_RESTARTING)
        return true;
    return state != COMPONENT_DEAD && layout_components[component].restartable;
}

// --- Ends ------------------------------------------------------------------------------------

static void stop_thread(struct model_thread *t)
{
    if (t->state == M_CALLING || t->state == M_AWAITING)
        ipc_leave_call(t);
    t->fault = false;
    t->state = M_INACTIVE;
    t->parked = NOBODY;
    if (model.current == t - model.threads)
        model.current = NOBODY;
}

static void silence_devices(unsigned component)
{
    if (component == DISK) {
        memset(model.listening, 0, sizeof model.listening);
        model.ports[1] = PORTS_THERE ? PORTS_QUIESCED : 0;
    }
    if (component == SUP)
        model.timers[TIMER_SUP] = model.timers[TIMER_SUP2] = NO_TIME;
    if (component == DISK)
        model.timers[TIMER_DISK] = NO_TIME;
    if (component == SPARE)
        model.timers[TIMER_SPARE] = NO_TIME;
}

void component_ends(unsigned component, enum component_state state, uint64_t code)
{
    struct model_component *c = &model.components[component];

    if (state != COMPONENT_FAULTED) {
        c->reason = FAULT_NONE;
        c->address = code;
    }
    c->state = state;
    c->ready = false;
    for (int i = 0; i < THREADS; i++) {
        if (model.threads[i].component == component)
            stop_thread(&model.threads[i]);
    }
    silence_devices(component);
    c->ending = END_CALLERS;
    model.ends[model.end_count++] = (int)component;
}

void component_fails(struct model_thread *t)
{
    struct model_component *c = &model.components[t->component];

    c->reason = t->reason;
    c->address = t->address;
    c->pc = t->pc;
    c->frame = t->x[29];
    component_ends(t->component, COMPONENT_FAULTED, 0);
}

static void tell_callers(int component)
{
    for (int i = 0; i < THREADS; i++) {
        struct model_thread *t = &model.threads[i];

        if (t->state == M_AWAITING && t->server == component)
            ipc_end_call(t, STATUS_PEER_DIED);
    }
}

static void tell_servers(int component)
{
    struct model_cap *caps = model.components[component].caps;

    for (unsigned slot = 1; slot < SLOTS; slot++) {
        if (cap_is_valid(&caps[slot]) && caps[slot].type == CAP_ENDPOINT && (caps[slot].rights & RIGHT_CALL))
            ipc_client_gone(caps[slot].object, caps[slot].badge);
        if (slot >= S_DYNAMIC)
            caps[slot] = (struct model_cap){0};
    }
}

// The next generation begins without the past's events.
static void forget_events(int component)
{
    for (int i = 0; i < THREADS; i++) {
        if (model.threads[i].component == (unsigned)component)
            model.threads[i].bits = 0;
    }
    for (unsigned e = 0; e < ENDPOINTS; e++) {
        if (model.threads[model.endpoints[e].receiver].component == (unsigned)component)
            memset(model.endpoints[e].gone, 0, sizeof model.endpoints[e].gone);
    }
}

static void finish_end(int component)
{
    model.components[component].ending = END_NONE;
    model.end_count--;
    forget_events(component);
    if (!component_served((unsigned)component))
        ipc_flush((unsigned)component);
    if (component != SUP)
        signal_bits(T_SUP, 1ull << component);
}

void component_work_ends(void)
{
    while (model.end_count > 0) {
        int component = model.ends[model.end_count - 1];

        if (model.components[component].ending == END_CALLERS) {
            model.components[component].ending = END_SERVERS;
            tell_callers(component);
        } else {
            tell_servers(component);
            finish_end(component);
        }
    }
}

// --- The supervisor's calls --------------------------------------------------------------------

static int restart(unsigned component, bool repeats)
{
    struct model_component *c = &model.components[component];

    if (c->state == COMPONENT_RUNNING) {
        component_ends(component, COMPONENT_STOPPED, 0);
        return GOES_ON;
    }
    c->state = COMPONENT_RESTARTING;
    if (repeats)
        return GOES_ON;
    model_start_component(component);
    return STATUS_OK;
}

int component_control(struct model_thread *t, bool repeats)
{
    struct model_cap *cap;
    int status = find_cap(t->component, t->x[0], CAP_COMPONENT, RIGHT_CONTROL, &cap);

    if (status != STATUS_OK)
        return status;
    if (t->x[1] >= COMPONENT_OPS)
        return STATUS_BAD_ARGUMENT;
    if (cap->object == t->component)
        return STATUS_BUSY;
    // A stop would let callers queue again; only a restart brings back what was given up.
    if (model.components[cap->object].state == COMPONENT_DEAD && t->x[1] == COMPONENT_OP_STOP)
        return STATUS_BUSY;
    struct model_component *c = &model.components[cap->object];

    if (t->x[3] == 0)
        t->x[3] = c->generation;
    if (t->x[3] != c->generation)
        return STATUS_OK;
    if (t->x[1] == COMPONENT_OP_RESTART)
        return restart(cap->object, repeats);
    if (c->state == COMPONENT_RUNNING || c->state == COMPONENT_RESTARTING)
        component_ends(cap->object, COMPONENT_STOPPED, t->x[2]);
    c->state = COMPONENT_STOPPED;
    if (t->x[1] == COMPONENT_OP_GIVE_UP) {
        c->state = COMPONENT_DEAD;
        ipc_flush(cap->object);
    }
    return STATUS_OK;
}

// The kernel counts time when the one who pays changes, so it may be behind, but it never goes back.
static uint64_t counted(uint64_t exact, nanos_t *seen, uint64_t told)
{
    if (told > exact || told < *seen)
        return exact;
    *seen = told;
    return told;
}

void component_report_of(unsigned component, uint64_t out[6], const uint64_t done[31])
{
    const struct model_component *c = &model.components[component];
    struct model_budget *b = &model.budgets[2 * component];

    out[0] = (uint64_t)c->state | (uint64_t)c->ready << 8 | c->reason << 16;
    out[1] = c->address;
    out[2] = c->pc;
    out[3] = c->generation;
    out[4] = counted(b->used, &b->seen, done[5]);
    out[5] = c->frame;
}
