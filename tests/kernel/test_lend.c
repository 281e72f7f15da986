// Host test of kernel/mm/lend.c: what a server may copy, and where each copy ends.
// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <kernel/lend.h>

#include <string.h>

#define ONE_LEND  (1ull << INFO_LENDS_SHIFT)
#define TWO_LENDS (2ull << INFO_LENDS_SHIFT)

// The running thread lends a range in a call through `slot`.
static void call_lending(uint64_t slot, uint64_t address, uint64_t bytes, uint64_t flags)
{
    const uint64_t words[MESSAGE_WORDS] = {[6] = address, [7] = bytes | flags};

    call(slot, 1, words, ONE_LEND);
}

// The running thread lends on a part of lend `index` of `outer`.
static void call_borrowing(uint64_t slot, uint64_t outer, unsigned index, uint64_t offset, uint64_t bytes,
                           uint64_t flags)
{
    const uint64_t words[MESSAGE_WORDS] = {
        [6] = offset, [7] = bytes | flags | LEND_BORROWED | (index ? LEND_OUTER_INDEX : 0), [8] = outer};

    call(slot, 1, words, ONE_LEND);
}

static uint64_t copy_in(uint64_t token, uint64_t index, uint64_t offset, uint64_t address, uint64_t bytes)
{
    return sys(SYS_COPY_IN, token, index, offset, address, bytes);
}

static uint64_t copy_out(uint64_t token, uint64_t index, uint64_t offset, uint64_t address, uint64_t bytes)
{
    return sys(SYS_COPY_OUT, token, index, offset, address, bytes);
}

// App has lent [DATA, +bytes) to files, which runs. Returns the token.
static uint64_t lent_to_files(uint64_t bytes, uint64_t flags)
{
    system_start();
    system_run(T_APP);
    call_lending(S_FILES, DATA_ADDRESS, bytes, flags);
    CHECK_EQUAL(running(), T_FILES);
    return token_of(T_FILES);
}

TEST(the_receiver_sees_length_and_rights_but_no_address)
{
    lent_to_files(100, LEND_READ);
    CHECK_EQUAL(word_of(T_FILES, 6), 0);
    CHECK_EQUAL(word_of(T_FILES, 7), 100 | LEND_READ);
    CHECK_EQUAL(word_of(T_FILES, 8), 0);
    CHECK_EQUAL(info_of(T_FILES) >> INFO_LENDS_SHIFT & INFO_LENDS_MASK, 1);
}

TEST(copy_in_reads_the_lenders_bytes)
{
    uint64_t token = lent_to_files(100, LEND_READ);

    CHECK_EQUAL(copy_in(token, 0, 10, STACK_ADDRESS + 5, 50), STATUS_OK);
    CHECK(memcmp(memory(FILES, STACK_ADDRESS + 5), test_initial[APP] + 10, 50) == 0);
    CHECK_EQUAL(*memory(FILES, STACK_ADDRESS + 4), 0);
    CHECK_EQUAL(*memory(FILES, STACK_ADDRESS + 55), 0);
}

TEST(a_copy_where_one_was_before_is_checked_like_the_first)
{
    uint64_t token = lent_to_files(100, LEND_READ);

    for (unsigned i = 0; i < 3; i++) {
        CHECK_EQUAL(copy_in(token, 0, 10 * i, STACK_ADDRESS + 5, 50), STATUS_OK);
        CHECK(memcmp(memory(FILES, STACK_ADDRESS + 5), test_initial[APP] + 10 * i, 50) == 0);
    }
    CHECK_EQUAL(copy_in(token, 0, 51, STACK_ADDRESS + 5, 50), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(copy_in(token, 0, UINT64_MAX, STACK_ADDRESS + 5, 50), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(copy_in(token, 0, 0, STACK_ADDRESS + 5, 101), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(copy_in(token, 1, 0, STACK_ADDRESS + 5, 50), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(copy_out(token, 0, 0, STACK_ADDRESS + 5, 50), STATUS_DENIED);
    CHECK_EQUAL(copy_in(token + (1 << TOKEN_THREAD_BITS), 0, 0, STACK_ADDRESS + 5, 50), STATUS_STALE);
    CHECK_EQUAL(copy_in(token, 0, 0, TEXT_ADDRESS, 50), STATUS_BAD_ADDRESS);  // only to be read
}

TEST(a_copy_that_leaves_the_page_of_the_last_is_checked_again)
{
    system_start();
    system_run(T_APP);
    call_lending(S_FILES, STACK_TOP - 100, 200, LEND_READ);
    uint64_t token = token_of(T_FILES);

    CHECK_EQUAL(copy_in(token, 0, 0, STACK_TOP - 60, 50), STATUS_OK);
    CHECK_EQUAL(copy_in(token, 0, 60, STACK_ADDRESS, 60), STATUS_BAD_ADDRESS);
    CHECK_EQUAL(copy_in(token, 0, 0, STACK_TOP - 60, 50), STATUS_OK);
    CHECK_EQUAL(copy_in(token, 0, 0, STACK_TOP - 10, 50), STATUS_BAD_ADDRESS);
}

TEST(what_was_read_where_it_is_only_to_be_read_is_not_written)
{
    uint64_t token = lent_to_files(100, LEND_READ | LEND_WRITE);

    CHECK_EQUAL(copy_in(token, 0, 0, STACK_ADDRESS, 50), STATUS_OK);  // finds the lender's page
    CHECK_EQUAL(copy_out(token, 0, 0, TEXT_ADDRESS, 50), STATUS_OK);
    CHECK_EQUAL(copy_in(token, 0, 0, TEXT_ADDRESS, 50), STATUS_BAD_ADDRESS);
}

TEST(the_second_lend_is_told_from_the_first)
{
    const uint64_t words[MESSAGE_WORDS] = {
        [6] = DATA_ADDRESS, [7] = 60 | LEND_READ, [8] = DATA_ADDRESS + 100, [9] = 60 | LEND_READ};

    system_start();
    system_run(T_APP);
    call(S_FILES, 1, words, TWO_LENDS);
    uint64_t token = token_of(T_FILES);

    for (unsigned i = 0; i < 4; i++) {
        CHECK_EQUAL(copy_in(token, i % 2, 0, STACK_ADDRESS, 60), STATUS_OK);
        CHECK(memcmp(memory(FILES, STACK_ADDRESS), test_initial[APP] + i % 2 * 100, 60) == 0);
    }
}

TEST(copy_out_writes_the_lenders_bytes)
{
    uint64_t token = lent_to_files(100, LEND_WRITE);

    CHECK_EQUAL(copy_out(token, 0, 99, DATA_ADDRESS + 7, 1), STATUS_OK);
    CHECK_EQUAL(*memory(APP, DATA_ADDRESS + 99), test_initial[FILES][7]);
    CHECK_EQUAL(*memory(APP, DATA_ADDRESS + 98), test_initial[APP][98]);
    CHECK_EQUAL(*memory(APP, DATA_ADDRESS + 100), test_initial[APP][100]);
}

TEST(a_copy_crosses_page_boundaries_on_both_sides)
{
    uint64_t token = lent_to_files(DATA_PAGES * PAGE_SIZE, LEND_READ);

    CHECK_EQUAL(copy_in(token, 0, 0x0f00, STACK_ADDRESS + 0x0e80, 0x1100), STATUS_OK);
    CHECK(memcmp(memory(FILES, STACK_ADDRESS + 0x0e80), memory(APP, DATA_ADDRESS + 0x0f00), 0x1100) == 0);
}

TEST(nothing_outside_of_the_lend_can_be_reached)
{
    uint64_t token = lent_to_files(100, LEND_READ | LEND_WRITE);

    CHECK_EQUAL(copy_in(token, 0, 0, STACK_ADDRESS, 101), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(copy_in(token, 0, 100, STACK_ADDRESS, 1), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(copy_in(token, 0, 101, STACK_ADDRESS, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(copy_in(token, 0, 100, STACK_ADDRESS, 0), STATUS_OK);
    CHECK_EQUAL(copy_in(token, 0, UINT64_MAX, STACK_ADDRESS, 1), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(copy_in(token, 0, UINT64_MAX, STACK_ADDRESS, 2), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(copy_in(token, 0, 1, STACK_ADDRESS, UINT64_MAX), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(copy_out(token, 0, 50, DATA_ADDRESS, 51), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(copy_in(token, 1, 0, STACK_ADDRESS, 1), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(copy_in(token, UINT64_MAX, 0, STACK_ADDRESS, 1), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(*memory(FILES, STACK_ADDRESS), 0);
}

TEST(each_direction_needs_its_right)
{
    uint64_t token = lent_to_files(100, LEND_READ);

    CHECK_EQUAL(copy_out(token, 0, 0, DATA_ADDRESS, 1), STATUS_DENIED);
    CHECK_EQUAL(copy_in(token, 0, 0, STACK_ADDRESS, 1), STATUS_OK);
    reply_wait(token, 0);
    call_lending(S_FILES, DATA_ADDRESS, 100, LEND_WRITE);
    CHECK_EQUAL(copy_in(token_of(T_FILES), 0, 0, STACK_ADDRESS, 1), STATUS_DENIED);
}

TEST(the_right_ends_with_the_reply)
{
    uint64_t token = lent_to_files(100, LEND_READ);

    CHECK_EQUAL(reply(token, 0), STATUS_OK);
    CHECK_EQUAL(copy_in(token, 0, 0, STACK_ADDRESS, 1), STATUS_STALE);
}

TEST(only_the_component_that_holds_the_call_can_copy)
{
    uint64_t token = lent_to_files(100, LEND_READ);

    call(S_DISK, 1, NULL, 0);
    CHECK_EQUAL(running(), T_DISK);
    CHECK_EQUAL(copy_in(token, 0, 0, STACK_ADDRESS, 1), STATUS_STALE);
}

TEST(memory_that_the_lender_has_not_mapped_so_is_refused)
{
    system_start();
    system_run(T_APP);
    call_lending(S_FILES, TEXT_ADDRESS, 100, LEND_READ | LEND_WRITE);
    uint64_t token = token_of(T_FILES);

    CHECK_EQUAL(copy_in(token, 0, 0, STACK_ADDRESS, 100), STATUS_OK);
    CHECK_EQUAL(copy_out(token, 0, 0, STACK_ADDRESS, 100), STATUS_BAD_ADDRESS);  // read only
    reply_wait(token, 0);
    call_lending(S_FILES, 0, 100, LEND_READ);
    token = token_of(T_FILES);
    CHECK_EQUAL(copy_in(token, 0, 0, STACK_ADDRESS, 1), STATUS_BAD_ADDRESS);
    reply_wait(token, 0);
    call_lending(S_FILES, ARCH_USER_END - 8, 100, LEND_READ);
    CHECK_EQUAL(copy_in(token_of(T_FILES), 0, 0, STACK_ADDRESS, 16), STATUS_BAD_ADDRESS);
}

TEST(the_borrowers_own_memory_needs_the_right_too)
{
    uint64_t token = lent_to_files(100, LEND_READ | LEND_WRITE);

    CHECK_EQUAL(copy_in(token, 0, 0, TEXT_ADDRESS, 10), STATUS_BAD_ADDRESS);
    CHECK_EQUAL(copy_out(token, 0, 0, TEXT_ADDRESS, 10), STATUS_OK);
    CHECK_EQUAL(copy_in(token, 0, 0, UINT64_MAX - 3, 10), STATUS_BAD_ADDRESS);
    CHECK_EQUAL(copy_in(token, 0, 0, SHARED_ADDRESS, 10), STATUS_BAD_ADDRESS);  // files may only read it
}

TEST(device_memory_is_never_copied)
{
    system_start();
    system_run(T_DISK);
    call_lending(S_PAGER, DEVICE_ADDRESS, 16, LEND_READ | LEND_WRITE);
    CHECK_EQUAL(running(), T_PAGER);
    uint64_t token = token_of(T_PAGER);

    CHECK_EQUAL(copy_in(token, 0, 0, STACK_ADDRESS, 4), STATUS_BAD_ADDRESS);
    CHECK_EQUAL(copy_out(token, 0, 0, STACK_ADDRESS, 4), STATUS_BAD_ADDRESS);
}

TEST(a_copy_that_fails_has_copied_whole_chunks_only)
{
    system_start();
    system_run(T_APP);
    // The last page of the stack, then nothing.
    memset(memory(APP, STACK_TOP - 16), 0xaa, 16);
    call_lending(S_FILES, STACK_TOP - 16, 32, LEND_READ);
    CHECK_EQUAL(copy_in(token_of(T_FILES), 0, 0, STACK_ADDRESS, 32), STATUS_BAD_ADDRESS);
    CHECK_EQUAL(memory(FILES, STACK_ADDRESS)[15], 0xaa);
    CHECK_EQUAL(memory(FILES, STACK_ADDRESS)[16], 0);
}

TEST(malformed_lends_are_refused_before_anything_is_sent)
{
    const uint64_t bad[][2] = {
        {DATA_ADDRESS, 100},                                  // no right
        {DATA_ADDRESS, (LEND_BYTES_MAX + 1ull) | LEND_READ},  // too long
        {DATA_ADDRESS, 1ull << 59 | LEND_READ},               // a bit that means nothing
        {UINT64_MAX - 10, 12 | LEND_READ},                    // wraps
    };

    system_start();
    system_run(T_APP);
    for (unsigned i = 0; i < ARRAY_LENGTH(bad); i++) {
        call_lending(S_FILES, bad[i][0], bad[i][1], 0);
        CHECK_EQUAL(running(), T_APP);
        CHECK_EQUAL(kind_of(T_APP), STATUS_BAD_ARGUMENT);
    }
    // Borrowed as the second lend, and beside a second one.
    const uint64_t second[MESSAGE_WORDS] = {
        [6] = DATA_ADDRESS, [7] = 10 | LEND_READ, [8] = 0, [9] = 10 | LEND_READ | LEND_BORROWED};
    const uint64_t beside[MESSAGE_WORDS] = {
        [6] = 0, [7] = 10 | LEND_READ | LEND_BORROWED, [8] = DATA_ADDRESS, [9] = 10 | LEND_READ};

    call(S_FILES, 1, second, TWO_LENDS);
    CHECK_EQUAL(kind_of(T_APP), STATUS_BAD_ARGUMENT);
    call(S_FILES, 1, beside, TWO_LENDS);
    CHECK_EQUAL(kind_of(T_APP), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(threads[T_FILES].state, THREAD_RECEIVING);
}

TEST(two_lends_are_told_apart)
{
    const uint64_t words[MESSAGE_WORDS] = {
        [6] = DATA_ADDRESS, [7] = 8 | LEND_READ, [8] = DATA_ADDRESS + 0x100, [9] = 16 | LEND_WRITE};

    system_start();
    system_run(T_APP);
    call(S_FILES, 1, words, TWO_LENDS);
    uint64_t token = token_of(T_FILES);

    CHECK_EQUAL(word_of(T_FILES, 7), 8 | LEND_READ);
    CHECK_EQUAL(word_of(T_FILES, 9), 16 | LEND_WRITE);
    CHECK_EQUAL(copy_in(token, 1, 0, STACK_ADDRESS, 8), STATUS_DENIED);
    CHECK_EQUAL(copy_out(token, 1, 0, DATA_ADDRESS, 16), STATUS_OK);
    CHECK(memcmp(memory(APP, DATA_ADDRESS + 0x100), test_initial[FILES], 16) == 0);
    CHECK_EQUAL(copy_in(token, 0, 0, STACK_ADDRESS, 9), STATUS_BAD_ARGUMENT);
}

// App lends to files, files on to disk, disk on to pager, pager on to sup: four lends. Sup's call on to spare
// would be the fifth.
TEST(borrowed_lends_reach_the_memory_through_four_lends)
{
    uint64_t token = lent_to_files(1000, LEND_READ);

    call_borrowing(S_DISK, token, 0, 100, 500, LEND_READ);
    CHECK_EQUAL(running(), T_DISK);
    CHECK_EQUAL(word_of(T_DISK, 7), 500 | LEND_READ);
    CHECK_EQUAL(word_of(T_DISK, 8), 0);  // the outer token is the kernel's business
    token = token_of(T_DISK);
    CHECK_EQUAL(copy_in(token, 0, 0, STACK_ADDRESS, 500), STATUS_OK);
    CHECK(memcmp(memory(DISK, STACK_ADDRESS), test_initial[APP] + 100, 500) == 0);

    call_borrowing(S_PAGER, token, 0, 10, 300, LEND_READ);
    CHECK_EQUAL(running(), T_PAGER);
    token = token_of(T_PAGER);
    CHECK_EQUAL(copy_in(token, 0, 299, STACK_ADDRESS, 1), STATUS_OK);
    CHECK_EQUAL(*memory(PAGER, STACK_ADDRESS), test_initial[APP][100 + 10 + 299]);
    CHECK_EQUAL(copy_in(token, 0, 299, STACK_ADDRESS, 2), STATUS_BAD_ARGUMENT);

    // The worker thread of disk is free to take one more.
    call_borrowing(S_WORKER, token, 0, 5, 20, LEND_READ);
    CHECK_EQUAL(running(), T_WORKER);
    token = token_of(T_WORKER);
    CHECK_EQUAL(copy_in(token, 0, 1, STACK_ADDRESS, 1), STATUS_OK);
    CHECK_EQUAL(*memory(DISK, STACK_ADDRESS), test_initial[APP][100 + 10 + 5 + 1]);

    call_borrowing(S_APP, token, 0, 0, 4, LEND_READ);  // app waits in its own call: it queues
    CHECK_EQUAL(threads[T_WORKER].state, THREAD_CALLING);
}

TEST(a_fifth_lend_is_too_deep)
{
    uint64_t token = lent_to_files(1000, LEND_READ);

    call_borrowing(S_DISK, token, 0, 0, 500, LEND_READ);
    call_borrowing(S_PAGER, token_of(T_DISK), 0, 0, 400, LEND_READ);
    call_borrowing(S_WORKER, token_of(T_PAGER), 0, 0, 300, LEND_READ);
    token = token_of(T_WORKER);
    threads[T_SPARE].state = THREAD_RECEIVING;  // stands in for a running component
    components[SPARE].state = COMPONENT_RUNNING;
    threads[T_SPARE].priority = 255;
    call_borrowing(S_SPARE, token, 0, 0, 200, LEND_READ);
    CHECK_EQUAL(running(), T_SPARE);
    CHECK_EQUAL(copy_in(token_of(T_SPARE), 0, 0, STACK_ADDRESS, 1), STATUS_BAD_ARGUMENT);
}

TEST(every_link_of_a_borrowed_chain_is_checked)
{
    uint64_t token = lent_to_files(1000, LEND_READ);

    call_borrowing(S_DISK, token, 0, 900, 200,
                   LEND_READ | LEND_WRITE);  // past the end, and a right files has not got
    token = token_of(T_DISK);
    CHECK_EQUAL(copy_in(token, 0, 0, STACK_ADDRESS, 100), STATUS_OK);
    CHECK_EQUAL(copy_in(token, 0, 0, STACK_ADDRESS, 101), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(copy_out(token, 0, 0, STACK_ADDRESS, 1), STATUS_DENIED);
}

TEST(a_borrowed_lend_of_a_stale_or_foreign_call_is_stale)
{
    uint64_t token = lent_to_files(1000, LEND_READ);

    call_borrowing(S_DISK, token + (1ull << TOKEN_THREAD_BITS), 0, 0, 10, LEND_READ);
    CHECK_EQUAL(copy_in(token_of(T_DISK), 0, 0, STACK_ADDRESS, 1), STATUS_STALE);
}

TEST(a_borrowed_lend_can_name_the_second_outer_one)
{
    const uint64_t words[MESSAGE_WORDS] = {
        [6] = DATA_ADDRESS, [7] = 8 | LEND_READ, [8] = DATA_ADDRESS + 0x100, [9] = 16 | LEND_READ};

    system_start();
    system_run(T_APP);
    call(S_FILES, 1, words, TWO_LENDS);
    call_borrowing(S_DISK, token_of(T_FILES), 1, 4, 12, LEND_READ);
    CHECK_EQUAL(copy_in(token_of(T_DISK), 0, 0, STACK_ADDRESS, 12), STATUS_OK);
    CHECK(memcmp(memory(DISK, STACK_ADDRESS), test_initial[APP] + 0x104, 12) == 0);
}

static void raise_once(void)
{
    host.raised[LINE_EDGE] = true;
    host.on_poll = NULL;
}

TEST(an_interrupt_comes_in_between_two_chunks_and_the_copy_goes_on)
{
    uint64_t token = lent_to_files(DATA_PAGES * PAGE_SIZE, LEND_READ);
    struct arch_frame *frame = frame_of(T_FILES);
    const uint64_t arguments[] = {token, 0, 0, STACK_ADDRESS, 2 * PAGE_SIZE};
    uint64_t pc = frame->pc;

    host.enabled[LINE_EDGE] = true;
    host.on_poll = raise_once;
    memcpy(frame->x, arguments, sizeof arguments);
    host_syscall(SYS_COPY_IN);
    CHECK_EQUAL(running(), T_DISK);  // the interrupt's
    CHECK_EQUAL(word_of(T_DISK, 0), BIT_EDGE);
    CHECK_EQUAL(frame->pc, pc);  // the call repeats itself
    CHECK_EQUAL(frame->x[2], PAGE_SIZE);
    CHECK_EQUAL(frame->x[3], STACK_ADDRESS + PAGE_SIZE);
    CHECK_EQUAL(frame->x[4], PAGE_SIZE);
    reply_wait(0, 0);
    CHECK_EQUAL(running(), T_FILES);
    host_syscall(SYS_COPY_IN);
    CHECK_EQUAL(frame->x[0], STATUS_OK);
    CHECK(memcmp(memory(FILES, STACK_ADDRESS), memory(APP, DATA_ADDRESS), 2 * PAGE_SIZE) == 0);
}

TEST(user_memory_is_read_and_written_across_pages_or_up_to_the_first_bad_one)
{
    char buffer[64];

    system_start();
    memset(memory(APP, DATA_ADDRESS + PAGE_SIZE - 32), 1, 64);
    CHECK_EQUAL(user_copy(&components[APP], DATA_ADDRESS + PAGE_SIZE - 32, buffer, 64, RIGHT_READ), STATUS_OK);
    CHECK(buffer[0] == 1 && buffer[63] == 1);
    CHECK_EQUAL(user_copy(&components[APP], STACK_TOP - 32, buffer, 64, RIGHT_READ), STATUS_BAD_ADDRESS);
    CHECK_EQUAL(user_copy(&components[APP], TEXT_ADDRESS, buffer, 1, RIGHT_WRITE), STATUS_BAD_ADDRESS);
    CHECK_EQUAL(user_copy(&components[APP], UINT64_MAX, buffer, 2, RIGHT_WRITE), STATUS_BAD_ADDRESS);
    CHECK_EQUAL(user_copy(&components[APP], 0, buffer, 0, RIGHT_READ), STATUS_OK);
}
