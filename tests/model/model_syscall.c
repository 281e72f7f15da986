// The system calls in the model, by number.
// SPDX-License-Identifier: BSD-2-Clause
#include "model.h"

#include <abi/report.h>

#include <string.h>

#define SYSCALL_BYTES 4
#define RESULTS       6

struct step {
    struct model_thread *t;
    bool repeats;
    const uint64_t *done;
    uint64_t out[RESULTS];  // result registers 1 up
    unsigned outs;          // how many of them the call sets
};

static int cap(const struct step *s, enum cap_type type, uint8_t rights, struct model_cap **out)
{
    return find_cap(s->t->component, s->t->x[0], type, rights, out);
}

// --- Messages --------------------------------------------------------------------------------

static void do_reply_wait(struct model_thread *t)
{
    uint64_t token = t->x[1];
    int free_to_go = NOBODY;

    if (token)
        ipc_reply(t, token, &free_to_go);
    if (t->state != M_READY)
        return;  // answering a fault ended this component too
    ipc_receive(t, false);
    if (free_to_go == NOBODY)
        return;
    if (t->state == M_RECEIVING)
        make_ready_first(&model.threads[free_to_go]);
    else
        make_ready(&model.threads[free_to_go]);
}

static int do_reply(struct model_thread *t)
{
    int free_to_go, status = ipc_reply(t, t->x[1], &free_to_go);

    if (free_to_go != NOBODY)
        make_ready(&model.threads[free_to_go]);
    return status;
}

static int do_signal(struct step *s)
{
    struct model_cap *c;
    int status = cap(s, CAP_NOTIFICATION, RIGHT_CALL, &c);

    if (status == STATUS_OK)
        signal_bits(c->object, c->badge);
    // A call need not keep these; then they come back as zero.
    for (unsigned i = 12; i <= 18; i++)
        s->t->x[i] = s->done[i] ? s->t->x[i] : 0;
    return status;
}

// --- Devices, time -----------------------------------------------------------------------------

static int do_acknowledge(struct step *s)
{
    struct model_cap *c;
    int status = cap(s, CAP_INTERRUPT, RIGHT_CALL, &c);

    if (status == STATUS_OK)
        model.listening[c->object] = true;
    return status;
}

static int do_timer_set(struct step *s)
{
    struct model_cap *c;
    int status = cap(s, CAP_TIMER, RIGHT_CALL, &c);

    if (status == STATUS_OK)
        model.timers[c->object] = s->t->x[1] ? s->t->x[1] : NO_TIME;
    return status;
}

static int do_clock(struct step *s)
{
    struct model_cap *c;
    int status = cap(s, CAP_CLOCK, RIGHT_CALL, &c);

    s->outs = 1;
    if (status == STATUS_OK)
        s->out[0] = model.now;
    return status;
}

static int do_entropy(struct step *s)
{
    static uint64_t last[4];
    struct model_cap *c;
    int status = cap(s, CAP_ENTROPY, RIGHT_CALL, &c);

    s->outs = 4;
    if (status == STATUS_OK && memcmp(last, s->done + 1, sizeof last) != 0) {
        memcpy(s->out, s->done + 1, sizeof last);
        memcpy(last, s->out, sizeof last);
    }
    return status;
}

static int do_region_info(struct step *s)
{
    struct model_cap *c;
    int status = cap(s, CAP_REGION, 0, &c);

    s->outs = 3;
    if (status == STATUS_OK) {
        const struct layout_region *region = &layout_regions[c->object];

        s->out[0] = region->bytes;
        s->out[1] = c->rights & RIGHT_DMA ? 0x40000000 + region->offset : 0;  // the fake machine's RAM
        s->out[2] = regions[c->object].address;
    }
    return status;
}

// One byte after the other, the lowest first.
static int do_port(struct step *s, uint8_t right)
{
    const uint64_t *x = s->t->x;
    struct model_cap *c;
    int status = cap(s, CAP_PORTS, right, &c);

    s->outs = right == RIGHT_READ;
    if (status != STATUS_OK)
        return status;
    if ((x[2] != 1 && x[2] != 2 && x[2] != 4) || x[2] > PORTS_THERE || x[1] > (uint64_t)PORTS_THERE - x[2])
        return STATUS_BAD_ARGUMENT;
    for (unsigned i = 0; i < x[2]; i++) {
        if (right == RIGHT_READ)
            s->out[0] |= (uint64_t)model.ports[x[1] + i] << 8 * i;
        else
            model.ports[x[1] + i] = (uint8_t)(x[3] >> 8 * i);
    }
    return STATUS_OK;
}

// --- Components and threads --------------------------------------------------------------------

static int do_component_state(struct step *s)
{
    struct model_cap *c;
    int status = cap(s, CAP_COMPONENT, RIGHT_READ, &c);

    s->outs = RESULTS;
    if (status == STATUS_OK)
        component_report_of(c->object, s->out, s->done);
    return status;
}

// Memory of the caller from `address`, copied page by page up to the first that is missing.
static int move(struct model_thread *t, uint64_t address, void *buffer, uint64_t bytes, uint8_t right)
{
    uint8_t *b = buffer;

    for (uint64_t i = 0; i < bytes; i++) {
        uint8_t *byte = memory_at(t->component, address + i, right);

        if (byte == NULL)
            return STATUS_BAD_ADDRESS;
        if (right == RIGHT_WRITE)
            *byte = b[i];
        else
            b[i] = *byte;
    }
    return STATUS_OK;
}

static int do_frame(struct step *s, uint8_t right)
{
    struct model_cap *c;
    struct thread_registers r;
    int status = cap(s, CAP_THREAD, right, &c);

    if (status != STATUS_OK)
        return status;
    struct model_thread *target = &model.threads[c->object];

    if (!target->fault || target->state != M_AWAITING)
        return STATUS_BUSY;
    if (right == RIGHT_READ) {
        r = (struct thread_registers){
            .sp = target->sp, .pc = target->pc, .pstate = target->pstate, .tls = target->tls};
        memcpy(r.x, target->x, sizeof r.x);
        return move(s->t, s->t->x[1], &r, sizeof r, RIGHT_WRITE);
    }
    status = move(s->t, s->t->x[1], &r, sizeof r, RIGHT_READ);
    if (status == STATUS_OK) {
        memcpy(target->x, r.x, sizeof r.x);
        target->sp = r.sp;
        target->pc = r.pc;
        target->pstate = r.pstate & 0xf0000000;  // the condition flags
        target->tls = r.tls;
    }
    return status;
}

// --- Capabilities ----------------------------------------------------------------------------

static int do_cap_drop(struct step *s)
{
    uint64_t slot = s->t->x[0];

    if (slot < S_DYNAMIC || slot >= SLOTS)
        return STATUS_BAD_SLOT;
    model.components[s->t->component].caps[slot] = (struct model_cap){0};
    return STATUS_OK;
}

static int do_cap_revoke(struct step *s)
{
    struct model_cap *c;
    int status = cap(s, CAP_NONE, RIGHT_REVOKE, &c);

    if (status == STATUS_OK)
        model.life[c->type][c->object]++;
    return status;
}

static int do_cap_copy(struct step *s)
{
    struct model_cap *source, *target;
    const uint64_t *x = s->t->x;
    int status = cap(s, CAP_NONE, RIGHT_GRANT, &source);

    if (status == STATUS_OK)
        status = find_cap(s->t->component, x[1], CAP_COMPONENT, RIGHT_WRITE, &target);
    if (status != STATUS_OK)
        return status;
    if (x[2] < S_DYNAMIC || x[2] >= SLOTS)
        return STATUS_BAD_ARGUMENT;
    struct model_cap copy = *source;

    copy.rights &= (uint8_t)x[3];
    model.components[target->object].caps[x[2]] = copy;
    return STATUS_OK;
}

// --- The system ------------------------------------------------------------------------------

static int do_console_write(struct step *s)
{
    struct model_cap *c;
    uint8_t text[CONSOLE_WRITE_MAX];
    int status = cap(s, CAP_CONSOLE, RIGHT_CALL, &c);

    if (status != STATUS_OK)
        return status;
    if (s->t->x[2] > CONSOLE_WRITE_MAX)
        return STATUS_BAD_ARGUMENT;
    // Sent in pieces: the call comes again with what is left.
    uint64_t piece = s->repeats ? s->done[1] - s->t->x[1] : s->t->x[2];

    if (piece > s->t->x[2])
        return STATUS_BAD_ARGUMENT;
    status = move(s->t, s->t->x[1], text, piece, RIGHT_READ);
    if (status != STATUS_OK)
        return status;
    s->t->x[1] += piece;
    s->t->x[2] -= piece;
    return s->repeats && piece > 0 && s->t->x[2] > 0 ? GOES_ON : STATUS_OK;
}

static int do_power(struct step *s)
{
    struct model_cap *c;
    int status = cap(s, CAP_POWER, RIGHT_CALL, &c);

    if (status != STATUS_OK)
        return status;
    if (s->t->x[1] >= POWER_OPS || s->t->x[2] > 255)
        return STATUS_BAD_ARGUMENT;
    model.powered_off = true;
    return STATUS_OK;
}

static void inspect_system(struct step *s)
{
    uint64_t idle = s->done[5];

    s->out[0] = COMPONENTS;
    s->out[1] = thread_table_count - 1;
    s->out[2] = 1;
    s->out[3] = model.now;
    // As with run times, the kernel may be behind.
    s->out[4] = idle <= model.idle && idle >= model.idle_seen ? idle : model.idle;
    model.idle_seen = s->out[4];
}

static int inspect_cap(struct step *s, uint64_t component, uint64_t slot)
{
    if (component >= COMPONENTS)
        return STATUS_BAD_ARGUMENT;
    if (slot >= SLOTS)
        return STATUS_BAD_SLOT;
    const struct model_cap *c = &model.components[component].caps[slot];

    s->out[3] = SLOTS;
    if (cap_is_valid(c)) {
        s->out[0] = c->type | (uint64_t)c->rights << 8;
        s->out[1] = c->badge;
        s->out[2] = c->object;
    }
    return STATUS_OK;
}

static int inspect_thread(struct step *s, uint64_t index)
{
    if (index >= THREADS)
        return STATUS_BAD_ARGUMENT;
    const struct model_thread *t = &model.threads[index];

    s->out[0] = t->component;
    s->out[1] = t->state;
    s->out[2] = t->priority;
    s->out[3] = t->state == M_AWAITING ? (uint64_t)t->server + 1 : 0;
    return STATUS_OK;
}

static int do_inspect(struct step *s)
{
    const uint64_t *x = s->t->x;
    struct model_cap *c;
    int status = cap(s, CAP_INSPECT, RIGHT_CALL, &c);

    s->outs = RESULTS;
    if (status != STATUS_OK)
        return status;
    switch (x[1]) {
    case INSPECT_SYSTEM: inspect_system(s); return STATUS_OK;
    case INSPECT_COMPONENT:
        if (x[2] >= COMPONENTS)
            return STATUS_BAD_ARGUMENT;
        component_report_of((unsigned)x[2], s->out, s->done);
        return STATUS_OK;
    case INSPECT_CAP: return inspect_cap(s, x[2], x[3]);
    case INSPECT_THREAD: return inspect_thread(s, x[2]);
    default: return STATUS_BAD_ARGUMENT;
    }
}

// --- Objects made at run time --------------------------------------------------------------------

// The random run makes none, so what is left are refusals.
static int do_pool(struct step *s, unsigned outs)
{
    struct model_cap *c;
    int status = cap(s, CAP_POOL, RIGHT_CALL, &c);

    s->outs = outs;
    return status == STATUS_OK ? STATUS_COUNT : status;
}

// A component to write to; slot 0: the caller's own.
static int find_component(const struct step *s, uint64_t slot)
{
    struct model_cap *c;

    return slot == 0 ? STATUS_OK : find_cap(s->t->component, slot, CAP_COMPONENT, RIGHT_WRITE, &c);
}

// Regions of the layout are mapped by the builder alone.
static int do_map(struct step *s)
{
    struct model_cap *c;
    uint64_t rights = s->t->x[3];

    if (!(rights & RIGHT_READ) || rights > (RIGHT_READ | RIGHT_WRITE | RIGHT_EXECUTE))
        return STATUS_BAD_ARGUMENT;
    int status = cap(s, CAP_REGION, (uint8_t)rights, &c);

    if (status == STATUS_OK)
        status = find_component(s, s->t->x[1]);
    return status == STATUS_OK ? STATUS_BAD_ARGUMENT : status;
}

static int do_unmap(struct step *s)
{
    struct model_cap *c;
    int status = cap(s, CAP_REGION, 0, &c);

    if (status == STATUS_OK)
        status = find_component(s, s->t->x[1]);
    return status == STATUS_OK ? STATUS_BAD_ARGUMENT : status;
}

static int set_run(const struct model_thread *t, struct model_thread *target)
{
    if (t->x[3] == 0 || t->x[3] > t->priority)
        return STATUS_BAD_ARGUMENT;
    target->argument = t->x[2];
    target->priority = (uint8_t)t->x[3];
    return STATUS_OK;
}

static int set_handler(const struct model_thread *t, struct model_thread *target)
{
    struct model_cap *c;
    int status = find_cap(t->component, t->x[2], CAP_ENDPOINT, RIGHT_CALL, &c);

    if (status != STATUS_OK)
        return status;
    if (t->x[3] > 1 || model.threads[model.endpoints[c->object].receiver].component == target->component)
        return STATUS_BAD_ARGUMENT;
    target->handler = (int)c->object;
    target->handler_badge = (uint32_t)c->badge;
    target->reflect = t->x[3];
    return STATUS_OK;
}

static int do_object_set(struct step *s)
{
    struct model_thread *t = s->t, *target = t;
    struct model_cap *c;

    if (t->x[1] >= OBJECT_SETS)
        return STATUS_BAD_ARGUMENT;
    if (t->x[1] == SET_WATCH) {
        int status = find_component(s, t->x[0]);

        return status == STATUS_OK ? STATUS_BAD_ARGUMENT : status;  // none is made from a pool
    }
    if (t->x[0] != 0) {
        int status = cap(s, CAP_THREAD, RIGHT_WRITE, &c);

        if (status != STATUS_OK)
            return status;
        target = &model.threads[c->object];
    }
    if (model.components[target->component].state != COMPONENT_STOPPED)
        return STATUS_BUSY;
    if (t->x[1] == SET_RUN)
        return set_run(t, target);
    if (t->x[1] == SET_HANDLER)
        return set_handler(t, target);
    target->entry = t->x[2];
    target->stack = t->x[3];
    return STATUS_OK;
}

// --- The table -------------------------------------------------------------------------------

static int call_with_results(struct step *s, uint64_t number)
{
    switch (number) {
    case SYS_SIGNAL: return do_signal(s);
    case SYS_COPY_IN: return memory_copy(s->t, RIGHT_READ, s->repeats, s->done);
    case SYS_COPY_OUT: return memory_copy(s->t, RIGHT_WRITE, s->repeats, s->done);
    case SYS_INTERRUPT_ACK: return do_acknowledge(s);
    case SYS_TIMER_SET: return do_timer_set(s);
    case SYS_CLOCK: return do_clock(s);
    case SYS_ENTROPY: return do_entropy(s);
    case SYS_READY: model.components[s->t->component].ready = true; return STATUS_OK;
    case SYS_COMPONENT_STATE: return do_component_state(s);
    case SYS_COMPONENT_CONTROL: return component_control(s->t, s->repeats);
    case SYS_FRAME_READ: return do_frame(s, RIGHT_READ);
    case SYS_FRAME_WRITE: return do_frame(s, RIGHT_WRITE);
    case SYS_REGION_INFO: return do_region_info(s);
    case SYS_CAP_DROP: return do_cap_drop(s);
    case SYS_CAP_REVOKE: return do_cap_revoke(s);
    case SYS_CONSOLE_WRITE: return do_console_write(s);
    case SYS_POWER: return do_power(s);
    case SYS_INSPECT: return do_inspect(s);
    case SYS_POOL_CREATE: return do_pool(s, 1);
    case SYS_POOL_DESTROY: return do_pool(s, 0);
    case SYS_MAP: return do_map(s);
    case SYS_UNMAP: return do_unmap(s);
    case SYS_OBJECT_SET: return do_object_set(s);
    case SYS_CAP_COPY: return do_cap_copy(s);
    case SYS_PORT_READ: return do_port(s, RIGHT_READ);
    case SYS_PORT_WRITE: return do_port(s, RIGHT_WRITE);
    default: return STATUS_BAD_SYSCALL;
    }
}

int model_syscall(uint64_t number, bool repeats, const uint64_t done[31])
{
    struct step s = {.t = &model.threads[model.current], .repeats = repeats, .done = done};
    struct model_thread *t = s.t;
    int status;

    t->pc += SYSCALL_BYTES;
    if (t->reflect) {
        model_fault(FAULT_FOREIGN_CALL, number, 0);
        return GOES_ON;
    }
    switch (number) {
    case SYS_CALL: return ipc_call(t);
    case SYS_REPLY_WAIT: do_reply_wait(t); return STATUS_OK;
    case SYS_POLL: ipc_receive(t, true); return STATUS_OK;
    case SYS_EXIT: component_ends(t->component, COMPONENT_EXITED, t->x[0]); return STATUS_OK;
    case SYS_YIELD:
        make_ready(t);
        t->x[0] = STATUS_OK;
        return STATUS_OK;
    case SYS_REPLY: status = do_reply(t); break;
    default: status = call_with_results(&s, number); break;
    }
    if (status == GOES_ON) {
        t->pc -= SYSCALL_BYTES;
        return status;
    }
    t->x[0] = (uint64_t)status;
    memcpy(&t->x[1], s.out, s.outs * sizeof s.out[0]);
    return status;
}

void model_fault(uint64_t reason, uint64_t address, uint64_t detail)
{
    struct model_thread *t = &model.threads[model.current];

    t->reason = reason;
    t->address = address;
    t->detail = detail;
    ipc_fault(t);
}

void model_line(unsigned interrupt)
{
    static const uint64_t bits[INTERRUPTS] = {[INTERRUPT_LEVEL] = BIT_LEVEL, [INTERRUPT_EDGE] = BIT_EDGE};

    model.listening[interrupt] = false;
    signal_bits(T_DISK, bits[interrupt]);
}
