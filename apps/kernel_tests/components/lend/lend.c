// Lending: rights, bounds, both ends, chains of borrowers, and interrupts in between.
// SPDX-License-Identifier: BSD-2-Clause

#include "../borrower/borrower.h"
#include "../responder/responder.h"
#include "../test.h"
#include "../ticker/ticker.h"

#include <machine.h>

NO_HANDLER(on_borrower_poke)
NO_HANDLER(on_borrower_nudge)
NO_HANDLER(on_ticker_poke)
NO_HANDLER(on_ticker_nudge)
NO_HANDLER(on_other_poke)
NO_HANDLER(on_other_nudge)

#define BOTH (LEND_READ | LEND_WRITE)
#define LENT ((uint8_t *)REGION_LENT_BASE)

static const uint64_t constant = 0xc0;

struct outcome {
    uint64_t result;  // status of the call, or else the borrower's result
    uint64_t seen;
};

static struct outcome borrow(unsigned label, uint64_t word0, uint64_t word1, uint64_t address, uint64_t bytes)
{
    struct message message = {.info = message_info(label, 2, 1, false), .words = {word0, word1}};

    message.words[LEND_FIRST_WORD] = address;
    message.words[LEND_FIRST_WORD + 1] = bytes;
    enum status status = sys_call(SLOT_USE_BORROWER, &message);

    return (struct outcome){status != STATUS_OK ? status : message.words[0], message.words[1]};
}

static void check_result(const char *name, struct outcome outcome, uint64_t expected)
{
    check_equal(name, outcome.result, expected);
}

static uint64_t fill(void)
{
    uint64_t total = 0;

    for (unsigned i = 0; i < BORROWER_BYTES; i++) {
        LENT[i] = (uint8_t)(i * 7 + i / 256);
        total += LENT[i];
    }
    return total;
}

static bool is_filled(const uint8_t *memory, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        if (memory[i] != BORROWER_FILL)
            return false;
    }
    return true;
}

static void check_copies(void)
{
    uint64_t total = fill(), lent = REGION_LENT_BASE;

    check_result("what_is_lent_for_reading_can_be_read",
                 borrow(BORROW_IN, 0, BORROWER_BYTES, lent, BORROWER_BYTES | LEND_READ), STATUS_OK);
    check_equal("every_byte_arrives", borrow(BORROW_SUM, 0, 0, lent, LEND_READ | 1).result, total);
    check_equal("an_offset_counts", borrow(BORROW_IN, 8, 8, lent, 16 | LEND_READ).seen,
                ((uint64_t *)REGION_LENT_BASE)[1]);
    check_result("what_is_lent_for_writing_can_be_written",
                 borrow(BORROW_OUT, 4090, 100, lent, BORROWER_BYTES | LEND_WRITE), STATUS_OK);
    check("exactly_that_is_written", is_filled(LENT + 4090, 100) && LENT[4089] == (uint8_t)(4089 * 7 + 15) &&
                                         LENT[4190] == (uint8_t)(4190 * 7 + 16));
    check_result("what_is_lent_for_both_can_be_written", borrow(BORROW_OUT, 0, 8, lent, 8 | BOTH), STATUS_OK);
    check_result("nothing_can_be_copied_too", borrow(BORROW_IN, 8, 0, lent, 8 | LEND_READ), STATUS_OK);
    struct outcome outcome = borrow(BORROW_SEE, 0, 0, lent + 5, 77 | BOTH);

    check_equal("the_borrower_does_not_learn_the_address", outcome.result, 0);
    check_equal("but_size_and_rights", outcome.seen, 77 | BOTH);
}

static void check_bounds(void)
{
    uint64_t lent = REGION_LENT_BASE, end = STACK_MAIN_BASE + STACK_MAIN_BYTES;

    check_result("reading_past_the_end_is_refused", borrow(BORROW_IN, 0, 17, lent, 16 | LEND_READ),
                 STATUS_BAD_ARGUMENT);
    check_result("an_offset_past_the_end_is_refused", borrow(BORROW_IN, 17, 0, lent, 16 | LEND_READ),
                 STATUS_BAD_ARGUMENT);
    check_result("an_offset_that_wraps_is_refused", borrow(BORROW_IN, ~7ull, 16, lent, 16 | LEND_READ),
                 STATUS_BAD_ARGUMENT);
    check_result("a_size_that_wraps_is_refused", borrow(BORROW_IN, 8, ~7ull, lent, 16 | LEND_READ),
                 STATUS_BAD_ARGUMENT);
    check_result("writing_what_is_lent_for_reading_is_refused", borrow(BORROW_OUT, 0, 8, lent, 8 | LEND_READ),
                 STATUS_DENIED);
    check_result("reading_what_is_lent_for_writing_is_refused", borrow(BORROW_IN, 0, 8, lent, 8 | LEND_WRITE),
                 STATUS_DENIED);
    check_result("a_lend_that_was_not_made_is_refused", borrow(BORROW_IN_SECOND, 0, 8, lent, 8 | LEND_READ),
                 STATUS_BAD_ARGUMENT);
    check_result("a_lend_without_rights_is_refused", borrow(BORROW_IN, 0, 8, lent, 8), STATUS_BAD_ARGUMENT);
    check_result("a_lend_that_wraps_is_refused", borrow(BORROW_IN, 0, 8, ~7ull, 64 | LEND_READ),
                 STATUS_BAD_ARGUMENT);
    check_result("a_lend_that_is_too_large_is_refused",
                 borrow(BORROW_IN, 0, 8, lent, (LEND_BYTES_MAX + 1) | LEND_READ), STATUS_BAD_ARGUMENT);
    check_result("lending_unmapped_memory_does_not_help", borrow(BORROW_IN, 0, 8, UNMAPPED, 8 | LEND_READ),
                 STATUS_BAD_ADDRESS);
    check_result("lending_kernel_memory_does_not_help", borrow(BORROW_IN, 0, 8, KERNEL_RAM, 8 | LEND_READ),
                 STATUS_BAD_ADDRESS);
    check_result("lending_past_the_end_of_memory_does_not_help",
                 borrow(BORROW_IN, 0, 16, end - 8, 16 | LEND_READ), STATUS_BAD_ADDRESS);
    check_result("lending_constants_for_writing_does_not_help",
                 borrow(BORROW_OUT, 0, 8, (uintptr_t)&constant, 8 | BOTH), STATUS_BAD_ADDRESS);
    check_result("lending_constants_for_reading_works",
                 borrow(BORROW_IN, 0, 8, (uintptr_t)&constant, 8 | LEND_READ), STATUS_OK);
}

static void check_borrowers_end(void)
{
    uint64_t lent = REGION_LENT_BASE;

    check_result("the_borrower_must_own_its_end", borrow(BORROW_TO, UNMAPPED, 8, lent, 8 | LEND_READ),
                 STATUS_BAD_ADDRESS);
    check_result("the_borrower_cannot_write_its_text",
                 borrow(BORROW_TO, STACK_MAIN_BASE + STACK_MAIN_BYTES + 4096, 8, lent, 8 | LEND_READ),
                 STATUS_BAD_ADDRESS);
    check_result("the_borrower_cannot_write_the_kernel",
                 borrow(BORROW_TO, KERNEL_RAM, 8, lent, 8 | LEND_READ), STATUS_BAD_ADDRESS);
    check_result("the_borrower_can_write_its_stack",
                 borrow(BORROW_TO, STACK_MAIN_BASE, 8, lent, 8 | LEND_READ), STATUS_OK);
}

static void check_tokens(void)
{
    uint64_t lent = REGION_LENT_BASE, answer;

    borrow(BORROW_LATE, 0, 0, lent, 8 | LEND_READ);
    check_result("the_right_ends_with_the_call", borrow(BORROW_LATE_STATUS, 0, 0, lent, 8 | LEND_READ),
                 STATUS_STALE);
    check_result("a_forged_token_is_refused", borrow(BORROW_TOKEN, 0x10001, 0, lent, 8 | LEND_READ),
                 STATUS_STALE);
    check_result("token_0_is_refused", borrow(BORROW_TOKEN, 0, 0, lent, 8 | LEND_READ), STATUS_STALE);
    // Lent, answered at once, and then a call that lends nothing: both go the kernel's short way.
    borrow(BORROW_SEE, 0, 0, lent, 8 | LEND_READ);
    struct message plain = {.info = message_info(BORROW_IN, 2, 0, false), .words = {0, 8}};

    check_equal("an_earlier_lend_does_not_come_back_call", sys_call(SLOT_USE_BORROWER, &plain), STATUS_OK);
    check_equal("an_earlier_lend_does_not_come_back", plain.words[0], STATUS_BAD_ARGUMENT);
    check_equal("a_call_without_lends_still_works", raw_call(SLOT_USE_OTHER, RESPOND_ECHO, 4, 0, &answer), 0);
    struct message message = {.info = message_info(BORROW_SEE, 2, 3, false)};

    check_equal("three_lends_are_refused", sys_call(SLOT_USE_BORROWER, &message), STATUS_BAD_ARGUMENT);
}

static void check_chain(void)
{
    uint64_t *words = (uint64_t *)REGION_LENT_BASE, lent = REGION_LENT_BASE;

    for (unsigned i = 0; i < 8; i++)
        words[i] = 0x1000 + i;
    struct outcome outcome = borrow(BORROW_PASS, 1, LEND_READ, lent, 64 | LEND_READ);

    check("a_part_can_be_lent_on", outcome.result == STATUS_OK && outcome.seen == 0x1001);
    outcome = borrow(BORROW_PASS, 3, LEND_READ, lent, 64 | LEND_READ);
    check("four_deep", outcome.result == STATUS_OK && outcome.seen == 0x1003);
    check_result("but_not_five", borrow(BORROW_PASS, 4, LEND_READ, lent, 64 | LEND_READ),
                 STATUS_BAD_ARGUMENT);
    check_result("a_borrower_cannot_lend_a_right_that_it_lacks",
                 borrow(BORROW_PASS, 1, LEND_WRITE, lent, 64 | LEND_READ), STATUS_DENIED);
    check_result("a_borrowed_part_can_be_written", borrow(BORROW_PASS, 2, LEND_WRITE, lent, 64 | LEND_WRITE),
                 STATUS_OK);
    check("in_the_right_place", is_filled(LENT + 16, 8) && words[1] == 0x1001 && words[3] == 0x1003);
    check_result("a_part_within_the_lend_can_be_lent_on", borrow(BORROW_PAST, 56, 8, lent, 64 | LEND_READ),
                 STATUS_OK);
    check_result("a_part_past_the_lend_cannot", borrow(BORROW_PAST, 57, 8, lent, 64 | LEND_READ),
                 STATUS_BAD_ARGUMENT);
    check_result("a_borrowed_lend_of_nothing_is_refused",
                 borrow(BORROW_IN, 0, 8, 0, 8 | LEND_READ | LEND_BORROWED), STATUS_STALE);
}

static uint64_t copy_all(void)
{
    nanos_t start = sys_clock(SLOT_CLOCK);

    borrow(BORROW_IN, 0, BORROWER_BYTES, REGION_LENT_BASE, BORROWER_BYTES | LEND_READ);
    return sys_clock(SLOT_CLOCK) - start;
}

// A timer that fires in the middle of the copy has to come long before its end. The copy is one system call.
static void check_interrupts(void)
{
    uint64_t total = fill(), whole = copy_all(), worst = 0, late = 0;

    for (unsigned part = 2; part < 8; part++) {
        raw_call(SLOT_USE_TICKER, TICK_ARM, whole * part / 10, 0, NULL);
        copy_all();
        raw_call(SLOT_USE_TICKER, TICK_LATE, 0, 0, &late);
        if (late > worst)
            worst = late;
    }
    check_between("interrupts_come_in_between_the_chunks_of_a_copy", worst, 1, whole / 4);
    check_equal("and_do_it_no_harm", borrow(BORROW_SUM, 0, 0, REGION_LENT_BASE, LEND_READ | 1).result, total);
}

int main(void)
{
    check_copies();
    check_bounds();
    check_borrowers_end();
    check_tokens();
    check_chain();
    check_interrupts();
    finish();
}
