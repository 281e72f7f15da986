// See loopback.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "loopback.h"

#include <string.h>

extern const char instance_name[];
const char instance_name[] = "loopback";  // on a machine from the linker script

uint64_t seed;
const char *doing = "";
enum loopback_mode mode;
unsigned deaths, calls, copies;
bool fuzzing;
void (*deferred)(void);

#define CORPUS_MAX 4096
static struct message corpus[CORPUS_MAX];
static unsigned corpus_count;

struct message last_received;
bool refusing, overlong, zero_copies;

static void corpus_add(const struct message *message);

static struct message request;  // of the call in progress, with the client's addresses
static token_t next_token;
static struct message reply;  // of a deferred call
static bool replied;

// --- Random numbers (xorshift64*) ---

static uint64_t state;

uint64_t draw(void)
{
    if (state == 0)
        state = seed * 2654435761u + 1;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 2685821657736338717ull;
}

uint64_t draw_below(uint64_t limit)
{
    return draw() % limit;
}

uint64_t draw_bits(unsigned bits)
{
    uint64_t all = bits == 64 ? ~0ull : (1ull << bits) - 1;

    switch (draw_below(6)) {
    case 0: return 0;
    case 1: return all;
    case 2: return all >> 1;
    case 3: return (all >> 1) + 1;
    default: return draw() & all;
    }
}

void draw_bytes(void *to, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((unsigned char *)to)[i] = (unsigned char)draw();
}

// --- Calls ---

static void *lend_memory(unsigned index)
{
    return (void *)(uintptr_t)request.words[LEND_FIRST_WORD + 2 * index];
}

static uint64_t lend_descriptor(unsigned index)
{
    return request.words[LEND_FIRST_WORD + 2 * index + 1];
}

// Nothing of the sender shows: words it does not use are zero.
static void check_unused_words(const struct message *message, unsigned first_unused)
{
    for (unsigned i = first_unused; i < MESSAGE_WORDS; i++) {
        bool capability = message_has_capability(message) && i == CAP_WORD;
        bool lend = i >= LEND_FIRST_WORD && i < LEND_FIRST_WORD + 2 * message_lends(message);

        CHECK(capability || lend || message->words[i] == 0);
    }
}

static void receive_from(const struct message *sent, uint32_t badge, struct message *received)
{
    *received = *sent;
    received->info = (sent->info & 0x7fffff) | (uint64_t)badge << INFO_SLOT_SHIFT;
    received->token = ++next_token << TOKEN_THREAD_BITS | 1;
    for (unsigned i = 0; i < message_lends(sent); i++)
        received->words[LEND_FIRST_WORD + 2 * i] = 0;
}

static void finish(struct message *message, const struct message *answer)
{
    check_unused_words(answer, message_words(answer));
    CHECK(message_lends(answer) == 0);
    *message = *answer;
    message->token = 0;
    message->info = answer->info & 0x4fffff;
}

static void deliver(struct message *message)
{
    struct message received;

    request = *message;
    receive_from(message, badge_of_slot((slot_t)(message->info >> INFO_SLOT_SHIFT)), &received);
    check_unused_words(message, message_words(message));
    corpus_add(&received);
    last_received = received;
    request.token = received.token;
    deferred = NULL;
    instance_dispatch_call(0, &received);
    if (received.token == 0) {
        CHECK(deferred != NULL);
        replied = false;
        deferred();
        CHECK(replied);
        received = reply;
    }
    finish(message, &received);
}

// An enemy answers: half the time in the right shape, with anything in it.
static void answer_with_noise(struct message *message)
{
    unsigned words = (unsigned)draw_below(MESSAGE_WORDS + 1);

    request = *message;
    for (unsigned i = 0; i < message_lends(message); i++)
        if (lend_descriptor(i) & LEND_WRITE)
            draw_bytes(lend_memory(i), lend_descriptor(i) & ~LEND_FLAGS);
    for (unsigned i = 0; i < MESSAGE_WORDS; i++)
        message->words[i] = draw_below(2) ? draw_below(16) : draw();
    message->token = 0;
    message->info = draw_below(2) ? message_info(STATUS_OK, words, 0, draw_below(2)) : draw() & 0xff4fffff;
}

static void call(struct message *message)
{
    calls++;
    if (mode == MODE_HOSTILE) {
        answer_with_noise(message);
        return;
    }
    deliver(message);
    if (deaths > 0) {
        deaths--;
        *message = (struct message){.info = (uint64_t)STATUS_PEER_DIED << INFO_KIND_SHIFT};
    }
}

static void loopback_ipc(unsigned number, struct message *message)
{
    if (number == SYS_CALL) {
        call(message);
        return;
    }
    CHECK(number == SYS_REPLY);
    reply = *message;
    replied = true;
    *message = (struct message){.info = STATUS_OK};
}

// --- Lending ---

static enum status copy(const uint64_t arguments[6], bool in)
{
    unsigned index = (unsigned)arguments[1];
    uint64_t offset = arguments[2], bytes = arguments[4];
    void *own = (void *)(uintptr_t)arguments[3];

    copies++;
    CHECK(bytes > 0);
    if (arguments[0] != request.token)
        return STATUS_STALE;
    if (index >= message_lends(&request))
        return STATUS_BAD_ARGUMENT;
    if (!(lend_descriptor(index) & (in ? LEND_READ : LEND_WRITE)))
        return STATUS_DENIED;

    uint64_t lent = lend_descriptor(index) & ~LEND_FLAGS;

    if (offset > lent || bytes > lent - offset)
        return STATUS_BAD_ADDRESS;
    if (zero_copies && in)
        memset(own, 0, bytes);
    else if (fuzzing && in)
        draw_bytes(own, bytes);
    else if (in)
        memcpy(own, (char *)lend_memory(index) + offset, bytes);
    else if (!fuzzing)
        memcpy((char *)lend_memory(index) + offset, own, bytes);
    return fuzzing && !refusing && draw_below(8) == 0 ? STATUS_BAD_ADDRESS : STATUS_OK;
}

static struct sys_result loopback_syscall(unsigned number, const uint64_t arguments[6])
{
    struct sys_result result = {.status = STATUS_OK};

    if (number == SYS_COPY_IN || number == SYS_COPY_OUT)
        result.status = copy(arguments, number == SYS_COPY_IN);
    else
        CHECK(number == SYS_CAP_DROP || number == SYS_SIGNAL);
    return result;
}

static const struct host_kernel loopback = {loopback_ipc, loopback_syscall};
const struct host_kernel *host_kernel = &loopback;

// --- Malformed messages ---

static void corpus_add(const struct message *message)
{
    if (corpus_count < CORPUS_MAX)
        corpus[corpus_count++] = *message;
}

void must_refuse(const struct message *message)
{
    struct message bad = *message;

    bad.token = ++next_token << TOKEN_THREAD_BITS | 1;
    request = bad;
    refusing = fuzzing = true;
    instance_dispatch_call(0, &bad);
    refusing = fuzzing = false;
    CHECK(bad.token == request.token && message_label(&bad) == STATUS_BAD_MESSAGE);
}

static void mutate(struct message *message)
{
    unsigned word = (unsigned)draw_below(MESSAGE_WORDS);

    switch (draw_below(7)) {
    case 0: message->words[word] = draw(); break;
    case 1: message->words[word] = draw_bits(8); break;
    case 2: message->words[word] ^= 1ull << draw_below(64); break;
    case 3: message->info ^= 1ull << draw_below(23); break;
    case 4: message->info = (message->info & ~0xffffull) | draw_below(40); break;
    case 5: message->info = (message->info & 0xffffff) | draw_bits(32) << INFO_SLOT_SHIFT; break;
    default: message->words[7 + 2 * draw_below(2)] = draw_bits(18) | draw() << 60; break;
    }
}

static bool is_answer(const struct message *message)
{
    unsigned label = message_label(message);

    return label == STATUS_OK || label == STATUS_BAD_MESSAGE || label >= RESULT_FIRST;
}

void fuzz_requests(unsigned count)
{
    unsigned refused = 0, served = 0;

    CHECK(corpus_count > 0);
    fuzzing = true;
    for (unsigned i = 0; i < count; i++) {
        struct message message = corpus[draw_below(corpus_count)];

        for (uint64_t n = draw_below(4); n > 0; n--)
            mutate(&message);
        message.token = ++next_token << TOKEN_THREAD_BITS | 1;
        request = message;
        instance_dispatch_call(0, &message);
        CHECK(message.token == request.token);
        CHECK(is_answer(&message));
        check_unused_words(&message, message_words(&message));
        if (message_label(&message) == STATUS_BAD_MESSAGE)
            refused++;
        else
            served++;
    }
    fuzzing = false;
    printf("%u malformed messages: %u refused, %u served\n", count, refused, served);
    CHECK(refused > count / 20 && served > count / 20);
}
