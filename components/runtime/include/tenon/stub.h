// What generated stubs are made of, and what a server sees of a call.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string.h>

#include <tenon/syscall.h>

#define LIKELY(condition) __builtin_expect(!!(condition), 1)

// The stub of an idempotent method calls again this often when the server died during the call.
#define CALL_RETRIES 3

// Returned by a handler that answers later, with <provide>_<method>_reply and the call's token.
#define CALL_DEFERRED ((enum status)0xffff)

// Who calls. The client's number is CLIENT_<USER>_<USE> of glue.h, from 0 up, below INSTANCE_CLIENTS.
struct call {
    token_t token;
    uint32_t client;
};

// Memory that the caller lent until the reply. Keep a copy of it with the token of a deferred call.
struct lend {
    token_t token;
    uint32_t index;
    uint32_t bytes;  // as much was lent
};

// Copies a part of lent memory here. STATUS_BAD_ADDRESS: outside what was lent. STATUS_STALE: the call has
// ended.
MUST_CHECK ALWAYS_INLINE enum status lend_read(const struct lend *lend, size_t offset, void *to, size_t bytes)
{
    return sys_copy_in(lend->token, lend->index, offset, to, bytes);
}

// Copies from here into a part of lent memory.
MUST_CHECK ALWAYS_INLINE enum status lend_write(const struct lend *lend, size_t offset, const void *from,
                                                size_t bytes)
{
    return sys_copy_out(lend->token, lend->index, offset, from, bytes);
}

// Values of a fixed size that are no scalars lie in words of the message, zeroes behind them. They move a word at a time: a memcpy
// would be a call, since components are built freestanding, and the message would go through memory. `value` points to
// something of the value's alignment; `bytes`, 1 to 8, are at `offset`, a multiple of 8.
#define word_of(value, offset, bytes) \
    word_load((const char *)__builtin_assume_aligned(&*(value), __alignof__(*(value))) + (offset), bytes)
#define word_to(value, offset, word, bytes) \
    word_store((char *)__builtin_assume_aligned(&*(value), __alignof__(*(value))) + (offset), word, bytes)

ALWAYS_INLINE uint64_t word_load(const void *from, size_t bytes)
{
    uint64_t word = 0;

    __builtin_memcpy(&word, from, bytes);
    return word;
}

ALWAYS_INLINE void word_store(void *to, uint64_t word, size_t bytes)
{
    __builtin_memcpy(to, &word, bytes);
}

// --- Client side --------------------------------------------------------------------------------

// What a call that did not simply succeed means: the kernel's status, an error of the interface (it declares
// `errors` of them), or BAD_MESSAGE for any answer that it does not allow.
enum status call_failure_status(uint64_t info, unsigned errors);

// The same; the compiler learns that it is never STATUS_OK, so a caller's outputs count as set after
// STATUS_OK.
ALWAYS_INLINE enum status call_failure(uint64_t info, unsigned errors)
{
    enum status status = call_failure_status(info, errors);

    if (status == STATUS_OK)
        __builtin_unreachable();
    return status;
}

// The descriptor of a lend goes into the words of its index.
ALWAYS_INLINE void message_lend(struct message *message, unsigned index, const void *memory, size_t bytes,
                                uint64_t rights)
{
    message->words[LEND_FIRST_WORD + 2 * index] = (uintptr_t)memory;
    message->words[LEND_FIRST_WORD + 2 * index + 1] = bytes | rights;
}

// --- Server side --------------------------------------------------------------------------------

// Whether bytes from outside are values of bool; to read anything else as one is undefined.
static inline bool bools_are_valid(const void *bools, size_t count)
{
    const unsigned char *bytes = bools;

    for (size_t i = 0; i < count; i++)
        if (bytes[i] > 1)
            return false;
    return true;
}

#define MESSAGE_SHAPE_MASK                                                                           \
    ((uint64_t)INFO_WORDS_MASK << INFO_WORDS_SHIFT | (uint64_t)INFO_LENDS_MASK << INFO_LENDS_SHIFT | \
     1ull << INFO_CAP_BIT)

// Whether words, lends and capability are as the method wants them.
ALWAYS_INLINE bool message_has_shape(const struct message *message, unsigned words, unsigned lends,
                                     bool capability)
{
    return (message->info & MESSAGE_SHAPE_MASK) == message_info(0, words, lends, capability);
}

// Takes a lend out of a request. False: it lacks the right, or is not from `least` to `most` bytes.
MUST_CHECK bool message_take_lend(const struct message *message, unsigned index, uint64_t right, size_t least,
                                  size_t most, struct lend *lend);

// The message becomes a reply without values. Any status but an error of the interface, of which there are
// `errors`, tells the client BAD_MESSAGE: what a nested call met is not the client's business.
void message_fail(struct message *message, enum status status, unsigned errors);

// The message becomes a refusal: whoever sent this does not speak the interface.
void message_refuse(struct message *message);

// Forgets the request; the token stays.
ALWAYS_INLINE void message_begin_reply(struct message *message, unsigned words, bool capability)
{
    *message =
        (struct message){.info = message_info(STATUS_OK, words, 0, capability), .token = message->token};
}
