// The wrongs that need no device. Addresses and arguments are as a broken driver's would be: half of them
// near something real.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include "wrongs.h"

#define TRIES       1000u
#define SLOTS_NEAR  64u
#define FRAME_WORDS 64u

static uint64_t state;
static volatile uint64_t sink;

// xorshift64* (Marsaglia 2003, Vigna 2016).
static uint64_t next(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545f4914f6cdd1dull;
}

// Of the kernel's half, of any component's image or stacks, below them, or anything at all.
static uint64_t some_address(void)
{
    uint64_t random = next();

    switch (random % 6) {
    case 0: return 0xffffffff80000000ull + (random >> 8) % 0x400000;
    case 1: return 0xffffff8000000000ull + (random >> 8) % 0x10000000;
    case 2: return (uint64_t)&state + (random >> 8) % 0x2000000 - 0x1000000;
    case 3: return (uint64_t)__builtin_frame_address(0) + (random >> 8) % 0x200000 - 0x100000;
    case 4: return (random >> 8) % 0x10000;
    default: return next();
    }
}

static uint64_t some_argument(void)
{
    uint64_t random = next();

    switch (random % 5) {
    case 0: return (random >> 8) % SLOTS_NEAR;
    case 1: return (random >> 8) % SLOTS_NEAR;
    case 2: return some_address() & ~0xfffull;
    case 3: return some_address();
    default: return 1ull << (random >> 8) % 64;
    }
}

static void make_message_call(unsigned number)
{
    struct message message = {.info = next() & next(), .token = some_argument()};

    message.info &= (1ull << INFO_SLOT_SHIFT) - 1;
    message.info |= (next() % SLOTS_NEAR) << INFO_SLOT_SHIFT;
    for (unsigned i = 0; i < MESSAGE_WORDS; i++)
        message.words[i] = some_argument();
    switch (number) {
    case SYS_CALL: arch_ipc(SYS_CALL, &message); break;
    case SYS_REPLY_WAIT: arch_ipc(SYS_REPLY_WAIT, &message); break;
    case SYS_REPLY: arch_ipc(SYS_REPLY, &message); break;
    default: arch_ipc(SYS_POLL, &message); break;
    }
}

// The number is part of the instruction on some architectures.
#define CASE(number) \
    case number: sink = arch_syscall(number, a, b, c, d, e, f).status; break;

static void make_call(unsigned number)
{
    uint64_t a = some_argument(), b = some_argument(), c = some_argument(), d = some_argument(),
             e = some_argument(), f = next();

    switch (number) {
        // clang-format off
        CASE(SYS_SIGNAL) CASE(SYS_COPY_IN) CASE(SYS_COPY_OUT) CASE(SYS_INTERRUPT_ACK) CASE(SYS_TIMER_SET)
        CASE(SYS_CLOCK) CASE(SYS_ENTROPY) CASE(SYS_YIELD) CASE(SYS_EXIT) CASE(SYS_READY)
        CASE(SYS_COMPONENT_STATE) CASE(SYS_COMPONENT_CONTROL) CASE(SYS_FRAME_READ) CASE(SYS_FRAME_WRITE)
        CASE(SYS_REGION_INFO) CASE(SYS_CAP_DROP) CASE(SYS_CAP_REVOKE) CASE(SYS_CONSOLE_WRITE)
        CASE(SYS_POWER) CASE(SYS_INSPECT) CASE(SYS_POOL_CREATE) CASE(SYS_POOL_DESTROY) CASE(SYS_MAP)
        CASE(SYS_UNMAP) CASE(SYS_OBJECT_SET) CASE(SYS_CAP_COPY) CASE(SYS_PORT_READ) CASE(SYS_PORT_WRITE)
    default: make_message_call(number); break;
        // clang-format on
    }
}

static void guess(void)
{
    for (unsigned i = 0; i < TRIES; i++) {
        unsigned number = (unsigned)(next() % SYS_COUNT);

        // Ends and waits end the guessing, so they are rare.
        if ((number != SYS_EXIT && number != SYS_REPLY_WAIT) || i % 64 == 0)
            make_call(number);
    }
}

static void read_anywhere(void)
{
    for (unsigned i = 0; i < TRIES; i++)
        sink = *(volatile uint8_t *)some_address();
}

static void write_anywhere(void)
{
    for (unsigned i = 0; i < TRIES; i++)
        *(volatile uint8_t *)some_address() = (uint8_t)next();
}

static void jump_anywhere(void)
{
    ((void (*)(void))some_address())();
}

// As a recursion without end would: down through all of the stack and what is below it.
static void outgrow_stack(void)
{
    for (volatile uint64_t *at = __builtin_frame_address(0);; at -= FRAME_WORDS)
        *at = 0;
}

// Return addresses lie above; whoever returns first goes there.
__attribute__((noinline)) static void smash(void)
{
    volatile uint64_t *here = __builtin_frame_address(0);

    for (unsigned i = 0; i < FRAME_WORDS; i++)
        here[i] = some_address();
}

void do_wrong(enum wrong wrong, uint64_t seed)
{
    state = seed * 2 + 1;
    switch (wrong) {
    case WRONG_HANG:
        for (;;)
            sink = next();
    case WRONG_READ: read_anywhere(); break;
    case WRONG_WRITE: write_anywhere(); break;
    case WRONG_JUMP: jump_anywhere(); break;
    case WRONG_OUTGROW: outgrow_stack(); break;
    case WRONG_SMASH: smash(); break;
    case WRONG_GUESS: guess(); break;
    default: break;
    }
}
