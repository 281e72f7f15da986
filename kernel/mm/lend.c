// Lending. A lend is two numbers in the blocked caller; nothing is mapped and nothing has to be taken back.
// Each chunk looks the token up again, so the right ends the moment the call does. All copies go through the
// kernel's own view of memory after a walk of the page tables; user addresses are never dereferenced.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/lend.h>

#include <arch/cpu.h>
#include <arch/mmu.h>
#include <kernel/endpoint.h>
#include <kernel/travel.h>

static uint64_t lend_bytes(const struct lend *lend)
{
    return lend->bytes & ~LEND_FLAGS;
}

static bool lend_is_valid(const struct lend *lend, unsigned count, unsigned index)
{
    uint64_t bytes = lend_bytes(lend);

    if (bytes > LEND_BYTES_MAX || lend->address + bytes < lend->address)
        return false;
    if (!(lend->bytes & (LEND_READ | LEND_WRITE)))
        return false;
    // A borrowed lend needs the registers of the second one for its token.
    return !(lend->bytes & LEND_BORROWED) || (count == 1 && index == 0);
}

enum status lend_decode(struct thread *caller)
{
    const struct arch_frame *frame = &caller->frame;
    unsigned count = frame_get(frame, FRAME_INFO) >> INFO_LENDS_SHIFT & INFO_LENDS_MASK;

    caller->lends = 0;
    if (LIKELY(count == 0))
        return STATUS_OK;
    if (count > LENDS_MAX)
        return STATUS_BAD_ARGUMENT;
    for (unsigned i = 0; i < count; i++) {
        unsigned word = FRAME_WORD + LEND_FIRST_WORD + 2 * i;
        struct lend lend = {.address = frame_get(frame, word), .bytes = frame_get(frame, word + 1)};

        if (lend.bytes & LEND_BORROWED)
            lend.outer = frame_get(frame, word + 2);
        if (!lend_is_valid(&lend, count, i))
            return STATUS_BAD_ARGUMENT;
        caller->lend[i] = lend;
    }
    caller->lends = (uint8_t)count;
    return STATUS_OK;
}

void lend_describe(const struct thread *caller, struct arch_frame *receiver)
{
    for (unsigned i = 0; i < LENDS_MAX; i++) {
        unsigned word = FRAME_WORD + LEND_FIRST_WORD + 2 * i;
        bool lent = i < caller->lends;

        frame_set(receiver, word, 0);
        frame_set(receiver, word + 1,
                      lent ? caller->lend[i].bytes & ~(LEND_BORROWED | LEND_OUTER_INDEX) : 0);
    }
}

// Follows borrowed lends to the memory itself. On success *owner and *address say whose and where.
static inline enum status lend_resolve(const struct component *borrower, uint64_t token, uint64_t index, uint64_t offset,
                                       uint64_t bytes, uint8_t right, struct component **owner, uaddr_t *address)
{
    uint64_t needed = right == RIGHT_READ ? LEND_READ : LEND_WRITE;

    for (unsigned depth = 0; depth < LEND_DEPTH_MAX; depth++) {
        struct thread *caller = token_caller(borrower, token);

        if (caller == NULL)
            return STATUS_STALE;
        if (index >= caller->lends)
            return STATUS_BAD_ARGUMENT;
        const struct lend *lend = &caller->lend[arch_index(index, LENDS_MAX)];

        if (!(lend->bytes & needed))
            return STATUS_DENIED;
        if (offset > lend_bytes(lend) || bytes > lend_bytes(lend) - offset)
            return STATUS_BAD_ARGUMENT;
        offset += lend->address;
        if (LIKELY(!(lend->bytes & LEND_BORROWED))) {
            *owner = caller->component;
            *address = offset;
            return STATUS_OK;
        }
        borrower = caller->component;
        token = lend->outer;
        index = lend->bytes & LEND_OUTER_INDEX ? 1 : 0;
    }
    return STATUS_BAD_ARGUMENT;
}

// The thread, which is here, waits with what it lent until no other core can be in the middle of a copy.
static void mark(struct thread *lender)
{
    if (lender->call & CALL_LENT_ON)
        return;
    lender->call |= CALL_LENT_ON;
    if (!thread_is_visitor(lender))
        lender->component->abroad++;
}

void lend_mark_across(struct thread *caller)
{
    struct thread *lender = caller;

    for (unsigned depth = 0; depth < LEND_DEPTH_MAX && lender->lends; depth++) {
        struct lend *lend = &lender->lend[0];
        struct thread *outer = lend->bytes & LEND_BORROWED ? token_caller(lender->component, lend->outer) : NULL;

        // The number of a call that is still to be made would bring what is not marked into reach.
        if (outer == NULL)
            lend->outer = 0;
        // Beyond a call from another core all were marked when it came from there.
        if (outer == NULL || outer->core != caller->core)
            return;
        mark(outer);
        lender = outer;
    }
}

static uint64_t to_page_end(uaddr_t address)
{
    return PAGE_SIZE - address % PAGE_SIZE;
}

static void *user_pointer(struct component *component, uaddr_t address, uint8_t right)
{
    void *pointer = arch_user_pointer(&component->vspace, address, right);

    if (pointer != NULL && component->core == arch_core())
        component->found[right - 1] = (struct user_page){address >> PAGE_BITS, (uint64_t)pointer - address};
    return pointer;
}

enum status lend_copy(struct component *borrower, uint64_t token, uint64_t index, uint64_t offset, uaddr_t address,
                      uint64_t bytes, uint8_t right, uint64_t *done)
{
    struct component *owner;
    uaddr_t lent;
    enum status status = lend_resolve(borrower, token, index, offset, bytes, right, &owner, &lent);

    *done = 0;
    if (status != STATUS_OK)
        return status;
    while (*done < bytes) {
        uint64_t chunk = least(bytes - *done, least(to_page_end(address), to_page_end(lent)));

        if (*done > 0 && *done + chunk > PAGE_SIZE)
            break;
        void *own = user_pointer(borrower, address, right ^ (RIGHT_READ | RIGHT_WRITE));
        void *theirs = user_pointer(owner, lent, right);

        if (own == NULL || theirs == NULL)
            return STATUS_BAD_ADDRESS;
        // Both ends may be the same page when a component lends to itself.
        __builtin_memmove(right == RIGHT_READ ? own : theirs, right == RIGHT_READ ? theirs : own, chunk);
        address += chunk;
        lent += chunk;
        *done += chunk;
    }
    return STATUS_OK;
}

static NOINLINE uint64_t copy_page(struct component *borrower, uint64_t token, uint64_t index, uint64_t offset,
                                  uaddr_t address, uint64_t bytes, uint8_t right)
{
    uint64_t done;

    return lend_copy(borrower, token, index, offset, address, bytes, right, &done);
}

// `room` is how far from the start of its page a copy may begin.
static bool page_is_found(const struct user_page *page, uaddr_t address, uint64_t room)
{
    return address >> PAGE_BITS == page->number && address << (64 - PAGE_BITS) <= room << (64 - PAGE_BITS);
}

// The common case: memory of a caller from here, one page on both sides, and each where the last copy was.
ALWAYS_INLINE uint64_t copy_quick(uint64_t token, uint64_t index, uint64_t offset, uaddr_t address, uint64_t bytes,
                                 struct component *borrower, uint8_t right)
{
    if (bytes - 1 >= PAGE_SIZE)
        return STATUS_REPEAT;
    const struct thread *caller = token_caller(borrower, token);

    if (caller == NULL || caller->call != 0 || index != 0 || caller->lends == 0)
        goto other;
    const struct lend *lend = &caller->lend[0];
    uint64_t needed = right == RIGHT_READ ? LEND_READ : LEND_WRITE, size = lend_bytes(lend), room = PAGE_SIZE - bytes;

    if ((lend->bytes >> 61 & (needed | LEND_BORROWED) >> 61) != needed >> 61 || bytes > size || offset > size - bytes)
        goto other;
    const struct user_page *own = &borrower->found[2 - right], *theirs = &caller->component->found[right - 1];
    uaddr_t lent = lend->address + offset;

    if (!page_is_found(own, address, room) || !page_is_found(theirs, lent, room))
        goto other;
    address += own->bias;
    lent += theirs->bias;
    if (right == RIGHT_READ)
        return (uint64_t)__builtin_memmove((void *)address, (void *)lent, bytes);
    return (uint64_t)__builtin_memmove((void *)lent, (void *)address, bytes);
other:
    return copy_page(borrower, token, index, offset, address, bytes, right);
}

uint64_t lend_copy_in_quick(uint64_t token, uint64_t index, uint64_t offset, uaddr_t address, uint64_t bytes, struct thread *thread)
{
    return copy_quick(token, index, offset, address, bytes, thread->component, RIGHT_READ);
}

uint64_t lend_copy_out_quick(uint64_t token, uint64_t index, uint64_t offset, uaddr_t address, uint64_t bytes, struct thread *thread)
{
    return copy_quick(token, index, offset, address, bytes, thread->component, RIGHT_WRITE);
}

enum status user_copy(const struct component *component, uaddr_t address, void *kernel, uint64_t bytes, uint8_t right)
{
    char *at = kernel;

    while (bytes > 0) {
        uint64_t chunk = least(bytes, to_page_end(address));
        void *user = arch_user_pointer(&component->vspace, address, right);

        if (user == NULL)
            return STATUS_BAD_ADDRESS;
        if (right == RIGHT_READ)
            __builtin_memcpy(at, user, chunk);
        else
            __builtin_memcpy(user, at, chunk);
        address += chunk;
        at += chunk;
        bytes -= chunk;
    }
    return STATUS_OK;
}
