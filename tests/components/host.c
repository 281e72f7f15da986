// See host.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <string.h>

nanos_t host_time = 1000000;
nanos_t host_timers[HOST_SLOTS];
unsigned host_signals[HOST_SLOTS];
unsigned host_acknowledged[HOST_SLOTS];
struct component_report host_states[HOST_SLOTS];
unsigned host_controls[HOST_SLOTS][COMPONENT_OPS];
struct region_info host_regions[HOST_SLOTS];
char host_console[1 << 16];
bool host_is_ready;
enum status host_next_call;
enum status host_lost_answer;
unsigned host_power_offs;
unsigned host_dropped[HOST_SLOTS];
struct message host_replies[HOST_SLOTS];
unsigned host_reply_count;

void (*host_on_idle)(void);
void (*host_on_order)(void);
void (*host_on_control)(slot_t slot, enum component_operation operation);

static size_t console_bytes;
static jmp_buf *running;
static int exit_code;

#define SCRIPT_MAX 256
static struct message script[SCRIPT_MAX];
static unsigned script_first, script_end;

void host_push(struct message message)
{
    if (script_first == script_end)
        script_first = script_end = 0;
    CHECK(script_end < SCRIPT_MAX);
    script[script_end++] = message;
}

void host_push_bits(uint64_t bits)
{
    host_push((struct message){.info = (uint64_t)KIND_NOTIFICATION << INFO_KIND_SHIFT, .words = {bits}});
}

void host_push_gone(uint32_t badge)
{
    host_push((struct message){.info = (uint64_t)KIND_CLIENT_GONE << INFO_KIND_SHIFT |
                                       (uint64_t)badge << INFO_SLOT_SHIFT});
}

// --- Calls: one inside the other, each with its lent memory ---

#define CALLS_MAX 8
static struct message calls[CALLS_MAX];
static unsigned depth;
static token_t next_token = 1000;
static struct message late;  // the reply to a call that was deferred
static bool answered;

static void deliver(struct message *message)
{
    struct message received = *message;
    uint32_t badge = host_badge_of((slot_t)(message->info >> INFO_SLOT_SHIFT));

    CHECK(depth < CALLS_MAX);
    received.info = (message->info & 0x7fffff) | (uint64_t)badge << INFO_SLOT_SHIFT;
    received.token = ++next_token << TOKEN_THREAD_BITS | 1;
    calls[depth] = *message;
    calls[depth++].token = received.token;
    for (unsigned i = 0; i < message_lends(message); i++)
        received.words[LEND_FIRST_WORD + 2 * i] = 0;
    answered = false;
    instance_dispatch_call(0, &received);
    if (received.token == 0) {
        // Deferred: what happens next is the test's; here it must already have happened.
        CHECK(answered);
        received = late;
    }
    depth--;
    *message = received;
    message->token = 0;
    message->info &= 0x4fffff;
}

static void end_call(struct message *message, enum status *status)
{
    *message = (struct message){.info = (uint64_t)*status << INFO_KIND_SHIFT};
    *status = STATUS_OK;
}

static void call(struct message *message)
{
    if (host_next_call != STATUS_OK) {
        end_call(message, &host_next_call);
        return;
    }
    deliver(message);
    if (host_lost_answer != STATUS_OK)
        end_call(message, &host_lost_answer);
}

static void reply(const struct message *message)
{
    if (depth > 0 && calls[depth - 1].token == message->token) {
        late = *message;
        answered = true;
        return;
    }
    CHECK(host_reply_count < HOST_SLOTS);
    host_replies[host_reply_count++] = *message;
}

static void receive(struct message *message, bool block)
{
    *message = (struct message){.info = (uint64_t)KIND_NONE << INFO_KIND_SHIFT};
    if (block && script_first == script_end && host_on_idle != NULL)
        host_on_idle();
    if (script_first < script_end) {
        *message = script[script_first++];
        return;
    }
    if (block) {
        CHECK(running != NULL);
        exit_code = HOST_IDLE;
        longjmp(*running, 1);
    }
}

static void host_ipc(unsigned number, struct message *message)
{
    switch (number) {
    case SYS_CALL: call(message); break;
    case SYS_REPLY_WAIT:
        if (message->token != 0)
            reply(message);
        receive(message, true);
        break;
    case SYS_REPLY:
        reply(message);
        message->info = STATUS_OK;
        break;
    case SYS_POLL: receive(message, false); break;
    default: CHECK(false);
    }
}

// --- Other calls ---

static enum status copy(const uint64_t arguments[6], bool in)
{
    unsigned index = (unsigned)arguments[1], at = depth;

    while (at > 0 && calls[at - 1].token != arguments[0])
        at--;
    if (at == 0)
        return STATUS_STALE;

    const struct message *lender = &calls[at - 1];

    if (index >= message_lends(lender))
        return STATUS_BAD_ARGUMENT;

    uint64_t descriptor = lender->words[LEND_FIRST_WORD + 2 * index + 1];
    uint64_t lent = descriptor & ~LEND_FLAGS;
    char *memory = (char *)(uintptr_t)lender->words[LEND_FIRST_WORD + 2 * index] + arguments[2];
    void *own = host_mapped((uintptr_t)arguments[3], arguments[4]);

    if (!(descriptor & (in ? LEND_READ : LEND_WRITE)))
        return STATUS_DENIED;
    if (arguments[2] > lent || arguments[4] > lent - arguments[2])
        return STATUS_BAD_ADDRESS;
    if (own == NULL)
        return STATUS_BAD_ADDRESS;
    if (in)
        memcpy(own, memory, arguments[4]);
    else
        memcpy(memory, own, arguments[4]);
    return STATUS_OK;
}

static void write_console(const char *text, size_t bytes)
{
    CHECK(bytes <= CONSOLE_WRITE_MAX);
    CHECK(console_bytes + bytes < sizeof host_console);
    memcpy(host_console + console_bytes, text, bytes);
    console_bytes += bytes;
}

// For tests of components without ports.
__attribute__((weak)) uint32_t host_port_read(uint64_t offset, unsigned width)
{
    (void)offset, (void)width;
    CHECK(false);
    return 0;
}

__attribute__((weak)) void host_port_write(uint64_t offset, unsigned width, uint32_t value)
{
    (void)offset, (void)width, (void)value;
    CHECK(false);
}

// For tests of components without a pool: all memory is the process's own.
__attribute__((weak)) struct sys_result host_pool(unsigned number, const uint64_t arguments[6])
{
    (void)number, (void)arguments;
    CHECK(false);
    return (struct sys_result){0};
}

__attribute__((weak)) void *host_mapped(uintptr_t address, size_t bytes)
{
    (void)bytes;
    return (void *)address;
}

static struct sys_result report(const struct component_report *state)
{
    return (struct sys_result){STATUS_OK,
                               {state->state, state->fault_address, state->fault_pc, state->generation,
                                state->run_time, state->fault_frame}};
}

static noreturn void leave(int code)
{
    CHECK(running != NULL);
    exit_code = code;
    longjmp(*running, 1);
}

void host_end(void)
{
    leave(HOST_IDLE);
}

void persistent_order(void)
{
    if (host_on_order != NULL)
        host_on_order();
}

static struct sys_result host_syscall(unsigned number, const uint64_t arguments[6])
{
    struct sys_result result = {.status = STATUS_OK};
    uint64_t slot = arguments[0];

    switch (number) {
    case SYS_COPY_IN:
    case SYS_COPY_OUT: result.status = copy(arguments, number == SYS_COPY_IN); return result;
    case SYS_EXIT: leave((int)slot);
    case SYS_READY: host_is_ready = true; return result;
    case SYS_YIELD: return result;
    }
    CHECK(slot > 0 && slot < HOST_SLOTS);
    switch (number) {
    case SYS_SIGNAL: host_signals[slot]++; break;
    case SYS_TIMER_SET: host_timers[slot] = arguments[1]; break;
    case SYS_CLOCK: result.values[0] = host_time; break;
    case SYS_ENTROPY: result.values[0] = 0x0123456789abcdef; break;
    case SYS_INTERRUPT_ACK: host_acknowledged[slot]++; break;
    case SYS_PORT_READ: result.values[0] = host_port_read(arguments[1], (unsigned)arguments[2]); break;
    case SYS_PORT_WRITE: host_port_write(arguments[1], (unsigned)arguments[2], (uint32_t)arguments[3]); break;
    case SYS_REGION_INFO:
        return (struct sys_result){
            STATUS_OK,
            {host_regions[slot].bytes, host_regions[slot].device_address, host_regions[slot].address}};
    case SYS_COMPONENT_STATE: return report(&host_states[slot]);
    case SYS_COMPONENT_CONTROL:
        CHECK(arguments[1] < COMPONENT_OPS);
        host_controls[slot][arguments[1]]++;
        if (host_on_control != NULL)
            host_on_control(slot, (enum component_operation)arguments[1]);
        break;
    case SYS_CONSOLE_WRITE: write_console((const char *)(uintptr_t)arguments[1], arguments[2]); break;
    case SYS_CAP_DROP: host_dropped[slot]++; break;
    case SYS_POOL_CREATE:
    case SYS_POOL_DESTROY:
    case SYS_MAP:
    case SYS_UNMAP:
    case SYS_OBJECT_SET:
    case SYS_CAP_COPY: return host_pool(number, arguments);
    case SYS_POWER: host_power_offs++; break;
    default: result.status = STATUS_BAD_SYSCALL; break;
    }
    return result;
}

static const struct host_kernel kernel = {host_ipc, host_syscall};
const struct host_kernel *host_kernel = &kernel;

int host_run(void (*code)(void))
{
    jmp_buf here, *before = running;
    unsigned depth_before = depth;

    running = &here;
    if (setjmp(here) == 0) {
        code();
        exit_code = 0;
    }
    running = before;
    depth = depth_before;
    return exit_code;
}

void host_bits(uint64_t bits)
{
    instance_dispatch_bits(0, bits);
}
