// What the running thread of the random test does next: mostly something that makes sense where it stands, sometimes not.
// SPDX-License-Identifier: BSD-2-Clause
#include "random_calls.h"

#include <string.h>

#define CAP_TRAVELS (1ull << INFO_CAP_BIT)

// --- Random numbers --------------------------------------------------------------------------

static uint64_t random_state;

void random_seed(uint64_t seed)
{
    random_state = seed * 0x9e3779b97f4a7c15 + 0x1234567;
}

// splitmix64
uint64_t random_word(void)
{
    uint64_t z = random_state += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

uint64_t random_below(uint64_t limit)
{
    return random_word() % limit;
}

bool one_in(unsigned n)
{
    return random_below(n) == 0;
}

// --- Arguments -------------------------------------------------------------------------------

static struct model_thread *me;

static void set(unsigned x, uint64_t value)
{
    me->x[x] = threads[me - model.threads].frame.x[x] = value;
}

static uint64_t any_number(void)
{
    static const uint64_t edges[] = {0, 1, 2, 255, 256, 4096, 1ull << 31, 1ull << 32, 1ull << 63, UINT64_MAX, UINT64_MAX - 1};

    return one_in(2) ? edges[random_below(sizeof edges / sizeof edges[0])] : random_word() >> random_below(64);
}

static uint64_t any_slot(void)
{
    return one_in(8) ? any_number() : random_below(SLOTS + 3);
}

// A slot that holds this type, mostly.
static uint64_t slot_of(enum cap_type type)
{
    const struct model_cap *caps = model.components[me->component].caps;

    if (one_in(10))
        return any_slot();
    for (unsigned tries = 0, slot = (unsigned)random_below(SLOTS); tries < SLOTS; tries++, slot = (slot + 1) % SLOTS) {
        if (caps[slot].type == type && cap_is_valid(&caps[slot]))
            return slot;
    }
    return any_slot();
}

// A call that this component has to answer; 0: none. `lent`: rather one that lends.
static uint64_t held_token(bool lent)
{
    uint64_t found = 0;

    for (unsigned i = 0; i < THREADS; i++) {
        const struct model_thread *t = &model.threads[i];

        if (t->state != M_AWAITING || t->server != (int)me->component || (lent && t->lends == 0))
            continue;
        if (found == 0 || one_in(2))
            found = t->token;
    }
    return found;
}

static uint64_t some_token(bool lent)
{
    const struct model_thread *t = &model.threads[random_below(THREADS)];

    if (one_in(12))
        return any_number();
    if (one_in(12))
        return t->last_token; // another's, or an old one
    return held_token(lent);
}

static uint64_t address_in_memory(void)
{
    switch (random_below(16)) {
    case 0: return any_number();
    case 1: return TEXT_ADDRESS + random_below(PAGE_SIZE);
    case 2: return SHARED_ADDRESS + random_below(PAGE_SIZE);
    case 3: return DEVICE_ADDRESS + random_below(PAGE_SIZE);
    case 4: return DMA_ADDRESS + random_below(PAGE_SIZE);
    case 5: return STACK_TOP - random_below(64);
    case 6:
    case 7:
    case 8: return STACK_ADDRESS + random_below(STACK_PAGES * PAGE_SIZE);
    default: return DATA_ADDRESS + random_below(DATA_PAGES * PAGE_SIZE);
    }
}

static uint64_t some_length(void)
{
    switch (random_below(8)) {
    case 0: return any_number() & ~LEND_FLAGS;
    case 1: return random_below(2 * PAGE_SIZE);
    case 2: return 0;
    default: return random_below(300);
    }
}

static uint64_t lend_rights(void)
{
    static const uint64_t rights[] = {LEND_READ, LEND_WRITE, LEND_READ | LEND_WRITE, LEND_READ | LEND_WRITE};

    return one_in(20) ? 0 : rights[random_below(4)];
}

// --- Messages --------------------------------------------------------------------------------

static void fill_words(void)
{
    for (unsigned i = 0; i < MESSAGE_WORDS; i++)
        set(2 + i, one_in(4) ? random_word() : i);
    for (unsigned i = 12; i <= 18; i++)
        set(i, random_word());
}

static uint64_t with_cap(uint64_t info)
{
    if (!one_in(5))
        return info;
    set(2 + CAP_WORD, one_in(3) ? any_slot() : slot_of(one_in(2) ? CAP_NOTIFICATION : CAP_ENDPOINT));
    return info | CAP_TRAVELS;
}

static uint64_t with_lends(uint64_t info)
{
    uint64_t outer = held_token(true);
    unsigned count = outer && one_in(3) ? 1 : (unsigned)random_below(3);

    if (one_in(100))
        count = 3;
    for (unsigned i = 0; i < count && i < LENDS_MAX; i++) {
        set(8 + 2 * i, address_in_memory());
        set(9 + 2 * i, some_length() | lend_rights());
    }
    if (count > 0 && outer && one_in(2)) {
        set(8, random_below(200));
        set(9, some_length() | lend_rights() | LEND_BORROWED | (one_in(5) ? LEND_OUTER_INDEX : 0));
        set(10, one_in(10) ? any_number() : outer);
    }
    return info | (uint64_t)count << INFO_LENDS_SHIFT;
}

static void choose_message(uint64_t info)
{
    fill_words();
    info |= random_below(1 << INFO_LABEL_BITS) | random_below(11) << INFO_WORDS_SHIFT;
    if (one_in(10))
        info |= random_below(256) << INFO_KIND_SHIFT;
    set(0, info);
}

// Calls without a timeout can wait for ever, the supervisor's above all; they are made seldom, so that the run goes on.
static uint64_t endpoint_slot(void)
{
    uint64_t slot = slot_of(CAP_ENDPOINT);
    bool endless = slot == S_WORKER || slot == S_PAGER || slot >= S_DYNAMIC;

    while (endless && !one_in(me->component == SUP ? 30 : 3))
        slot = 1 + random_below(S_SPARE), endless = slot == S_WORKER || slot == S_PAGER;
    return slot;
}

static void prepare_call(void)
{
    choose_message(endpoint_slot() << INFO_SLOT_SHIFT);
    set(0, with_cap(with_lends(me->x[0])));
    set(1, any_number());
}

static void prepare_reply(bool may_wait)
{
    choose_message(one_in(4) ? random_below(4) << INFO_LENDS_SHIFT : 0);
    set(0, with_cap(me->x[0]));
    // A handler's label decides; most faults are resumed.
    if (one_in(2))
        set(0, (me->x[0] & ~0xffffull) | random_below(one_in(6) ? 4 : 2));
    set(1, may_wait && one_in(4) ? 0 : some_token(false));
}

static void prepare_copy(void)
{
    uint64_t token = some_token(!one_in(8));
    const struct model_thread *caller = ipc_caller(me->component, token);
    unsigned index = caller && caller->lends > 1 ? (unsigned)random_below(2) : 0;
    uint64_t bytes = caller && caller->lends ? caller->lend[index].bytes : 100;
    uint64_t offset = bytes ? random_below(bytes) : 0;

    set(0, token);
    set(1, one_in(20) ? any_number() : index);
    set(2, one_in(20) ? any_number() : offset);
    set(3, address_in_memory());
    set(4, one_in(12) ? some_length() : bytes > offset ? random_below(bytes - offset + 1) : 0);
}

// --- The other calls -------------------------------------------------------------------------

static nanos_t free_time(nanos_t time)
{
    for (unsigned i = 0; i < TIMERS; i++)
        time += model.timers[i] == time;
    for (unsigned i = 0; i < 2 * COMPONENTS; i++)
        time += model.budgets[i].end == time;
    return time;
}

static void prepare_timer(void)
{
    nanos_t time = model.now + random_below(one_in(3) ? 100 : 4 * GRANULE);

    set(0, slot_of(CAP_TIMER));
    if (one_in(6))
        time = random_below(model.now + 1);
    set(1, one_in(10) ? 0 : free_time(free_time(time)));
}

static void prepare_control(void)
{
    unsigned component = (unsigned)random_below(COMPONENTS);

    // A supervisor looks after what is down.
    for (unsigned i = 0; i < COMPONENTS; i++) {
        if (model.components[i].state != COMPONENT_RUNNING && one_in(2))
            component = i;
    }
    set(0, one_in(6) ? slot_of(CAP_COMPONENT) : S_COMPONENT + component);
    set(1, one_in(8) ? COMPONENT_OP_STOP : COMPONENT_OP_RESTART);
    if (one_in(50))
        set(1, COMPONENT_OP_GIVE_UP);
    if (one_in(20))
        set(1, any_number());
    set(2, one_in(2) ? 0 : random_below(300));
    set(3, me->x[2] % 2 ? model.components[component].generation + (me->x[2] % 4 == 3) : 0);
}

static void prepare_cap_copy(void)
{
    set(0, slot_of(one_in(2) ? CAP_NOTIFICATION : CAP_ENDPOINT));
    set(1, one_in(4) ? any_slot() : S_COMPONENT + APP);
    set(2, one_in(5) ? any_slot() : S_DYNAMIC + random_below(SLOTS - S_DYNAMIC));
    set(3, one_in(2) ? 0xff : random_below(256));
}

static void prepare_power(void)
{
    set(0, one_in(4) ? any_slot() : slot_of(CAP_POWER));
    set(1, one_in(4) ? random_below(POWER_OPS) : POWER_OPS + random_below(10));
    set(2, one_in(4) ? 0 : 256 + random_below(1000));
    if (one_in(2))
        set(2, any_number());
}

// Threads of a stopped component can be changed for ever, which would leave the run nothing to do: seldom.
static void prepare_object_set(void)
{
    set(0, one_in(4) ? 0 : slot_of(CAP_THREAD));
    set(1, one_in(8) ? any_number() : random_below(OBJECT_SETS));
    set(2, ENTRY_ADDRESS);
    set(3, STACK_TOP);
    if (me->x[1] == SET_RUN)
        set(3, 1 + random_below(me->priority + 1u));
    if (me->x[1] == SET_HANDLER) {
        set(2, one_in(3) ? slot_of(CAP_ENDPOINT) : S_PAGER);
        set(3, random_below(3));
    }
}

static void prepare_map(void)
{
    set(0, slot_of(CAP_REGION));
    set(1, one_in(2) ? 0 : slot_of(CAP_COMPONENT));
    set(2, address_in_memory());
    set(3, random_below(one_in(4) ? 16 : 8));
}

static void prepare_plain(enum cap_type type)
{
    set(0, one_in(8) ? any_slot() : slot_of(type));
    set(1, one_in(3) ? any_number() : address_in_memory());
    set(2, one_in(8) ? any_number() : random_below(300));
    set(3, any_slot());
}

static void prepare_port(void)
{
    set(0, slot_of(CAP_PORTS));
    set(1, one_in(12) ? any_number() : random_below(PORTS_COUNT + 2));
    set(2, one_in(12) ? any_number() : random_below(6));
    set(3, any_number());
}

static void prepare_inspect(void)
{
    set(0, slot_of(CAP_INSPECT));
    set(1, one_in(12) ? any_number() : random_below(INSPECT_WHATS));
    set(2, one_in(12) ? any_number() : random_below(THREADS + 1));
    set(3, any_slot());
}

// How often each call is chosen, of 1,000 or so.
static const struct {
    uint16_t number, weight;
} weights[] = {
    {SYS_CALL, 220},      {SYS_REPLY_WAIT, 190},    {SYS_REPLY, 80},        {SYS_POLL, 40},
    {SYS_SIGNAL, 80},     {SYS_COPY_IN, 80},        {SYS_COPY_OUT, 80},     {SYS_INTERRUPT_ACK, 40},
    {SYS_TIMER_SET, 40},  {SYS_CLOCK, 10},          {SYS_ENTROPY, 5},       {SYS_YIELD, 30},
    {SYS_EXIT, 3},        {SYS_READY, 10},          {SYS_COMPONENT_STATE, 15}, {SYS_COMPONENT_CONTROL, 25},
    {SYS_FRAME_READ, 20}, {SYS_FRAME_WRITE, 15},    {SYS_REGION_INFO, 10},  {SYS_CAP_DROP, 10},
    {SYS_CAP_REVOKE, 3},  {SYS_CONSOLE_WRITE, 8},   {SYS_POWER, 6},         {SYS_INSPECT, 20},
    {SYS_POOL_CREATE, 3}, {SYS_POOL_DESTROY, 3},    {SYS_MAP, 6},           {SYS_UNMAP, 4},
    {SYS_OBJECT_SET, 8},  {SYS_CAP_COPY, 10},       {SYS_PORT_READ, 10},    {SYS_PORT_WRITE, 10},
    {SYS_COUNT, 4},
};

static bool has(enum cap_type type)
{
    const struct model_cap *caps = model.components[me->component].caps;

    for (unsigned slot = 0; slot < SLOTS; slot++) {
        if (caps[slot].type == type && cap_is_valid(&caps[slot]))
            return true;
    }
    return false;
}

// Calls for which this thread has what they need; the others are tried seldom.
static bool makes_sense(uint64_t number)
{
    switch (number) {
    case SYS_REPLY: return held_token(false) != 0;
    case SYS_COPY_IN:
    case SYS_COPY_OUT: return held_token(true) != 0;
    case SYS_INTERRUPT_ACK: return has(CAP_INTERRUPT);
    case SYS_TIMER_SET: return has(CAP_TIMER);
    case SYS_COMPONENT_STATE:
    case SYS_CAP_COPY:
    case SYS_COMPONENT_CONTROL: return has(CAP_COMPONENT);
    case SYS_FRAME_READ:
    case SYS_OBJECT_SET:
    case SYS_FRAME_WRITE: return has(CAP_THREAD);
    case SYS_POWER: return has(CAP_POWER);
    case SYS_PORT_READ:
    case SYS_PORT_WRITE: return has(CAP_PORTS);
    default: return true;
    }
}

static uint64_t any_call(void)
{
    unsigned total = 0, i = 0;

    for (unsigned j = 0; j < ARRAY_LENGTH(weights); j++)
        total += weights[j].weight;
    uint64_t at = random_below(total);

    while (at >= weights[i].weight)
        at -= weights[i++].weight;
    if (weights[i].number == SYS_COUNT)
        return one_in(2) ? SYS_COUNT : SYS_COUNT + random_below(0xffff - SYS_COUNT);
    // Without its supervisor a system does not come back.
    if (weights[i].number == SYS_EXIT && me->component == SUP && !one_in(20))
        return SYS_YIELD;
    return weights[i].number;
}

static void prepare(uint64_t number)
{
    static const uint8_t types[SYS_COUNT] = {
        [SYS_SIGNAL] = CAP_NOTIFICATION,  [SYS_INTERRUPT_ACK] = CAP_INTERRUPT, [SYS_CLOCK] = CAP_CLOCK,
        [SYS_ENTROPY] = CAP_ENTROPY,      [SYS_COMPONENT_STATE] = CAP_COMPONENT, [SYS_FRAME_READ] = CAP_THREAD,
        [SYS_FRAME_WRITE] = CAP_THREAD,   [SYS_REGION_INFO] = CAP_REGION,      [SYS_CAP_REVOKE] = CAP_ENDPOINT,
        [SYS_CONSOLE_WRITE] = CAP_CONSOLE, [SYS_POOL_CREATE] = CAP_REGION,     [SYS_POOL_DESTROY] = CAP_REGION};

    switch (number) {
    case SYS_CALL: prepare_call(); break;
    case SYS_REPLY_WAIT: prepare_reply(true); break;
    case SYS_REPLY: prepare_reply(false); break;
    case SYS_COPY_IN:
    case SYS_COPY_OUT: prepare_copy(); break;
    case SYS_TIMER_SET: prepare_timer(); break;
    case SYS_EXIT: set(0, one_in(2) ? 0 : any_number()); break;
    case SYS_COMPONENT_CONTROL: prepare_control(); break;
    case SYS_CAP_DROP: set(0, one_in(3) ? any_slot() : S_DYNAMIC + random_below(SLOTS - S_DYNAMIC)); break;
    case SYS_POWER: prepare_power(); break;
    case SYS_INSPECT: prepare_inspect(); break;
    case SYS_MAP:
    case SYS_UNMAP: prepare_map(); break;
    case SYS_OBJECT_SET: prepare_object_set(); break;
    case SYS_CAP_COPY: prepare_cap_copy(); break;
    case SYS_PORT_READ:
    case SYS_PORT_WRITE: prepare_port(); break;
    default: prepare_plain(number < SYS_COUNT ? types[number] : CAP_NONE); break;
    }
    // A pool makes objects that the model does not know.
    if ((number == SYS_POOL_CREATE || number == SYS_POOL_DESTROY) && me->x[0] == S_POOL)
        set(0, 0);
}

static bool is_supervisor_needed(void)
{
    for (unsigned i = 0; i < COMPONENTS; i++) {
        if (model.components[i].state != COMPONENT_RUNNING && model.components[i].state != COMPONENT_DEAD)
            return me->component == SUP;
    }
    return false;
}

static uint64_t choose_number(void)
{
    uint64_t number = any_call();

    if (is_supervisor_needed() && one_in(2))
        return SYS_COMPONENT_CONTROL;
    // Seldom possible: pager can change threads while their component is stopped.
    if (me->component == PAGER && model.components[GUEST].state == COMPONENT_STOPPED && one_in(3))
        return SYS_OBJECT_SET;
    while (!makes_sense(number) && !one_in(12))
        number = any_call();
    return number;
}

uint64_t choose_call(unsigned thread)
{
    me = &model.threads[thread];
    uint64_t number = choose_number();

    prepare(number);
    set(19 + (unsigned)random_below(12), random_word()); // kept registers live too
    return number;
}

void choose_memory_write(unsigned thread)
{
    me = &model.threads[thread];
    uint64_t address = address_in_memory(), bytes = 1 + random_below(40);

    for (uint64_t i = 0; i < bytes; i++) {
        uint8_t *byte = memory_at(me->component, address + i, RIGHT_WRITE);

        if (byte == NULL)
            return;
        uint8_t *kernels = arch_user_pointer(&components[me->component].vspace, address + i, RIGHT_WRITE);

        if (kernels == NULL)
            differs("component %u cannot write its memory at 0x%lx", me->component, (unsigned long)(address + i));
        *byte = *kernels = (uint8_t)random_word();
    }
}

nanos_t choose_time(void)
{
    switch (random_below(4)) {
    case 0: return 1 + random_below(100);
    case 1: return random_below(GRANULE / 10);
    case 2: return random_below(GRANULE);
    default: return random_below(4 * GRANULE);
    }
}
