// The authority probe: takes the place of a component's own code, and tries every system call on every slot
// of its table and every page of its address space. What it may do is recorded and does no harm: calls that
// would are made with an argument that is refused after the capability was accepted.
//
// A probe that supervises restarts its children, whom each address that is not theirs ends. Nobody calls
// before all its children are through, and a probe answers whenever it has nothing else to do: so no call
// waits for ever.
// SPDX-License-Identifier: BSD-2-Clause

#include "record.h"

#include <glue.h>
#include <probe.h>

#define PAGE       ((uint64_t)4096)
#define THROUGH    77  // exit code of a child that has tried all addresses
#define THREADS    64  // whose tokens are guessed
#define CALLS      16
#define NAME_WORDS (NAME_BYTES / sizeof(uint64_t))

_Static_assert(PROBE_SLOTS + 2 <= SLOTS && OPERATIONS >= SYS_COUNT &&
                   sizeof(struct record) <= REGION_PROBE_BYTES,
               "fits");

extern const char _start[];

static struct record *const record = (struct record *)REGION_PROBE_BASE;

// --- Slots --------------------------------------------------------------------------------------

// One system call that takes a slot first. The further arguments are harmless where the capability is good
// for it.
static void try_operation(unsigned entry, uint64_t slot)
{
    uint8_t *status = record->status[entry];

#define TRY(call, ...) status[call] = (uint8_t)(arch_syscall(call, slot, __VA_ARGS__).status + 1)
    TRY(SYS_SIGNAL, 0, 0, 0, 0, 0);
    TRY(SYS_INTERRUPT_ACK, 0, 0, 0, 0, 0);
    TRY(SYS_TIMER_SET, 0, 0, 0, 0, 0);
    TRY(SYS_CLOCK, 0, 0, 0, 0, 0);
    TRY(SYS_ENTROPY, 0, 0, 0, 0, 0);
    TRY(SYS_COMPONENT_STATE, 0, 0, 0, 0, 0);
    TRY(SYS_COMPONENT_CONTROL, COMPONENT_OPS, 0, 0, 0, 0);
    TRY(SYS_FRAME_READ, UINT64_MAX, 0, 0, 0, 0);
    TRY(SYS_FRAME_WRITE, UINT64_MAX, 0, 0, 0, 0);
    TRY(SYS_REGION_INFO, 0, 0, 0, 0, 0);
    TRY(SYS_CAP_DROP, 0, 0, 0, 0, 0);
    TRY(SYS_CAP_REVOKE, 0, 0, 0, 0, 0);
    TRY(SYS_CONSOLE_WRITE, 0, CONSOLE_WRITE_MAX + 1, 0, 0, 0);
    TRY(SYS_POWER, POWER_OPS, 0, 0, 0, 0);
    TRY(SYS_INSPECT, INSPECT_SYSTEM, 0, 0, 0, 0);
    TRY(SYS_POOL_CREATE, CAP_NONE, 0, 0, 0, 0);
    TRY(SYS_MAP, 0, LOW_PAGES * PAGE, RIGHT_READ, 0, 0);
    TRY(SYS_UNMAP, 0, 0, 0, 0, 0);
    TRY(SYS_OBJECT_SET, SET_START, 0, 0, 0, 0);
    TRY(SYS_CAP_COPY, 0, 0, 0, 0, 0);
    TRY(SYS_PORT_READ, UINT64_MAX, 1, 0, 0, 0);
    TRY(SYS_PORT_WRITE, UINT64_MAX, 1, 0, 0, 0);
#undef TRY
}

// Tokens of calls that nobody made to us, for all that takes a token.
static void guess_tokens(void)
{
    uint64_t word;

    for (uint64_t thread = 0; thread < THREADS; thread++)
        for (uint64_t call = 1; call <= CALLS; call++) {
            uint64_t token = call << TOKEN_THREAD_BITS | thread;

            record->tokens +=
                arch_syscall(SYS_COPY_IN, token, 0, 0, (uintptr_t)&word, sizeof word, 0).status == STATUS_OK;
            record->tokens +=
                arch_syscall(SYS_COPY_OUT, token, 0, 0, (uintptr_t)&word, sizeof word, 0).status == STATUS_OK;
        }
}

// The two last entries are numbers that no table has; the first of them is slot 1 when it is cut off.
static void try_slots(void)
{
    for (unsigned slot = 0; slot < PROBE_SLOTS; slot++)
        try_operation(slot, slot);
    try_operation(PROBE_SLOTS, (uint64_t)1 << 32 | 1);
    try_operation(PROBE_SLOTS + 1, UINT64_MAX);
    guess_tokens();
}

// --- Calls --------------------------------------------------------------------------------------

// Again while the server is not through with its own addresses: it may end under the call, or be late.
static void try_call(unsigned slot)
{
    struct message message;
    unsigned status;

    do {
        message = (struct message){.info = (uint64_t)slot << INFO_SLOT_SHIFT | 1};
        arch_ipc(SYS_CALL, &message);
        status = message.info >> INFO_KIND_SHIFT & INFO_KIND_MASK;
    } while (status == STATUS_TIMED_OUT || status == STATUS_PEER_DIED);
    record->status[slot][SYS_CALL] = (uint8_t)(status + 1);
    for (unsigned i = 0; i < NAME_BYTES; i++)
        record->reached[slot][i] = (char)(message.words[i / 8] >> i % 8 * 8);
    record->badge[slot] = (uint32_t)message.words[NAME_WORDS];
}

// Answers with our name and the badge that the call came with.
static void answer(struct message *message)
{
    uint32_t badge = message_badge(message);

    *message = (struct message){.info = (NAME_WORDS + 1) << INFO_WORDS_SHIFT, .token = message->token};
    for (unsigned i = 0; i < NAME_BYTES && PROBE_NAME[i]; i++)
        message->words[i / 8] |= (uint64_t)(unsigned char)PROBE_NAME[i] << i % 8 * 8;
    message->words[NAME_WORDS] = badge;
}

// Replies to what came last, and waits for the next event of any kind.
static void serve(struct message *message)
{
    arch_ipc(SYS_REPLY_WAIT, message);
    if (message_kind(message) == KIND_CALL)
        answer(message);
    else
        message->token = 0;
}

// --- Addresses ----------------------------------------------------------------------------------

static uint64_t address_of(unsigned place)
{
    if (place < LOW_PAGES)
        return place * PAGE;
    unsigned number = place - LOW_PAGES, bit = LOW_BITS + number / 3;
    uint64_t power = (uint64_t)1 << bit;

    return number % 3 == 0 ? power - PAGE : number % 3 == 1 ? power : -power;
}

static bool is_own_code(uint64_t address)
{
    return address >= (uintptr_t)_start && address < ((uintptr_t)INSTANCE_NAME & -PAGE);
}

static void try_address(unsigned number)
{
    uint64_t address = address_of(number / 3);
    volatile uint32_t *word = (volatile uint32_t *)address;  // of which all our devices accept reads

    if (number % 3 == 2) {
        if (!is_own_code(address))
            ((void (*)(void))address)();
        return;
    }
    uint32_t value = *word;

    if (number % 3 == 1)
        *word = value;
    record->worked[number / 8] |= (uint8_t)(1 << number % 8);
}

static void try_addresses(void)
{
    while (record->tries < TRIES) {
        unsigned number = record->tries++;

        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        try_address(number);
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
    }
}

// --- Children -----------------------------------------------------------------------------------

// Restarts a child that ended; whether it is through with its addresses.
static bool look_after(unsigned slot)
{
    struct component_report report;

    if (sys_component_state(slot, &report) != STATUS_OK || report_state(&report) == COMPONENT_RUNNING)
        return false;
    if (sys_component_control(slot, COMPONENT_OP_RESTART, 0) != STATUS_OK)
        return false;
    if (report_state(&report) == COMPONENT_FAULTED && report.fault_address < LOW_PAGES * PAGE)
        record->faults[slot][report_reason(&report) % REASONS]++;
    return report_state(&report) == COMPONENT_EXITED && report.fault_address == THROUGH;
}

// Until all are through.
static void look_after_children(struct message *message)
{
    static bool through[SLOTS];

    for (;;) {
        unsigned missing = 0;

        for (unsigned slot = 0; slot < PROBE_SLOTS; slot++) {
            if (record->status[slot][SYS_COMPONENT_CONTROL] != STATUS_BAD_ARGUMENT + 1)
                continue;
            through[slot] |= look_after(slot);
            missing += !through[slot];
        }
        if (missing == 0)
            return;
        serve(message);
    }
}

// --- What the runtime asks for, in place of the generated stubs ------------------------------------

const struct instance instance = {.name = INSTANCE_NAME, .threads = PROBE_THREADS};
struct instance_thread instance_threads[PROBE_THREADS];

void instance_run_thread(unsigned thread)
{
    struct message message = {0};

    (void)thread;
    for (;;)
        serve(&message);
}

void instance_dispatch_call(unsigned thread, struct message *message)
{
    (void)thread;
    answer(message);
}

void instance_dispatch_bits(unsigned thread, uint64_t bits)
{
    (void)thread;
    (void)bits;
}

void instance_client_gone(unsigned thread, uint32_t badge)
{
    (void)thread;
    (void)badge;
}

void instance_log(unsigned level, const char *line, size_t bytes)
{
    (void)level;
    (void)line;
    (void)bytes;
}

int main(void)
{
    struct message message = {0};

    record->magic = MAGIC;
    for (unsigned i = 0; i < NAME_BYTES && PROBE_NAME[i]; i++)
        record->name[i] = PROBE_NAME[i];
    if (record->stage == STAGE_SLOTS) {
        try_slots();
        record->stage = PROBE_SUPERVISED ? STAGE_ADDRESSES : STAGE_CHILDREN;
    }
    if (record->stage == STAGE_ADDRESSES) {
        try_addresses();
        record->stage = STAGE_CHILDREN;
        return THROUGH;
    }
    if (record->stage == STAGE_CHILDREN) {
        look_after_children(&message);
        record->stage = STAGE_CALLS;
    }
    if (record->stage == STAGE_CALLS) {
        for (unsigned slot = 0; slot < PROBE_SLOTS; slot++)
            try_call(slot);
        record->stage = STAGE_SERVES;
    }
    for (;;)
        serve(&message);
}
