// Start, `after:`, exit and panic.
// SPDX-License-Identifier: BSD-2-Clause
#include "fixture.h"

#include <string.h>

#include <tenon/log_write.h>
#include <tenon/panic.h>

noreturn void runtime_start(uint64_t thread);

static void start_main(void)
{
    runtime_start(0);
}

static void set_state(slot_t slot, enum component_state state, bool is_ready)
{
    host_states[slot].state = (uint64_t)state | (uint64_t)is_ready << 8;
}

TEST(the_exit_code_is_what_main_returns)
{
    set_state(SLOT_DEPENDENCY, COMPONENT_RUNNING, true);
    set_state(SLOT_DEPENDENCY + 1, COMPONENT_RUNNING, true);
    CHECK_EQUAL(host_run(start_main), 7);
}

TEST(main_waits_for_each_component_it_starts_after)
{
    set_state(SLOT_DEPENDENCY, COMPONENT_RUNNING, true);
    set_state(SLOT_DEPENDENCY + 1, COMPONENT_RUNNING, false);
    CHECK_EQUAL(host_run(start_main), HOST_IDLE);
    set_state(SLOT_DEPENDENCY + 1, COMPONENT_RUNNING, true);
    host_push_bits(BIT_READY_TEST << 1);
    CHECK_EQUAL(host_run(start_main), 7);
}

TEST(a_dependency_that_was_given_up_is_not_waited_for)
{
    set_state(SLOT_DEPENDENCY, COMPONENT_DEAD, false);
    set_state(SLOT_DEPENDENCY + 1, COMPONENT_RUNNING, true);
    CHECK_EQUAL(host_run(start_main), 7);
    CHECK(strstr(host_console, "first, which this starts after, was given up") != NULL);
}

static void start_worker(void)
{
    runtime_start(0x0);
}

TEST(calls_during_the_wait_are_kept_for_the_loop)
{
    component = event_loop_run;
    set_state(SLOT_DEPENDENCY, COMPONENT_RUNNING, true);
    host_push(call_of(1, 5));
    host_push_bits(BIT_TIMER_TEST);
    CHECK_EQUAL(host_run(start_worker), HOST_IDLE);
    CHECK(strcmp(events, "") == 0);
    set_state(SLOT_DEPENDENCY + 1, COMPONENT_RUNNING, true);
    CHECK_EQUAL(host_run(start_worker), HOST_IDLE);
    CHECK(strcmp(events, "bits 0x100\ncall 0x5\n") == 0);
    CHECK_EQUAL(host_reply_count, 1);
}

__attribute__((noinline)) static void fail(void)
{
    panic("the %s is %d", "answer", 42);
}

TEST(a_panic_tells_its_text_and_where_it_was_and_exits)
{
    component = fail;
    set_state(SLOT_DEPENDENCY, COMPONENT_RUNNING, true);
    set_state(SLOT_DEPENDENCY + 1, COMPONENT_RUNNING, true);
    CHECK_EQUAL(host_run(start_main), PANIC_EXIT_CODE);
    CHECK(strstr(host_console, "fixture: panic: the answer is 42\n") == host_console);

    const char *trace = strstr(host_console, "tenon: backtrace fixture 0x");

    CHECK(trace != NULL);
    unsigned frames = 0;

    for (const char *at = trace; (at = strstr(at, " 0x")) != NULL; at++)
        frames++;
    CHECK(frames >= 2 && frames <= 12);
    CHECK(trace[strlen(trace) - 1] == '\n');
}

static void refuse_to_go_on(void)
{
    refuse("the %s is %d", "answer", 43);
}

TEST(a_refusal_tells_its_text_and_exits_with_a_code_of_its_own)
{
    CHECK_EQUAL(host_run(refuse_to_go_on), REFUSE_EXIT_CODE);
    CHECK(strcmp(host_console, "fixture: refuses: the answer is 43\n") == 0);
}

static void break_the_chain(void)
{
    // Whoever panics may have a broken stack: the chain of frames must be checked, not believed.
    void **frame = __builtin_frame_address(0);

    frame[0] = (void *)0x10;
    panic("broken");
}

TEST(a_broken_chain_of_frames_ends_the_backtrace)
{
    component = break_the_chain;
    set_state(SLOT_DEPENDENCY, COMPONENT_RUNNING, true);
    set_state(SLOT_DEPENDENCY + 1, COMPONENT_RUNNING, true);
    CHECK_EQUAL(host_run(start_main), PANIC_EXIT_CODE);
    CHECK(strstr(host_console, "tenon: backtrace fixture 0x") != NULL);
}

static void assert_nonsense(void)
{
    assert_that(1 + 1 == 3);
}

TEST(an_assertion_names_its_file_line_and_condition)
{
    CHECK_EQUAL(host_run(assert_nonsense), PANIC_EXIT_CODE);
    CHECK(strstr(host_console, "panic: test_start.c:") != NULL);
    CHECK(strstr(host_console, "1 + 1 == 3 is not true") != NULL);
}

TEST(a_log_line_has_its_name_its_level_and_one_end)
{
    log_write(LOG_LEVEL_INFO, "%u of %s", 3, "five");
    log_write(LOG_LEVEL_WARNING, "careful");
    log_write(LOG_LEVEL_ERROR, "%s", "");
    CHECK(strcmp(host_console, "fixture: 3 of five\nfixture: warning: careful\nfixture: error: \n") == 0);
}

TEST(a_long_line_is_cut_and_still_ends)
{
    char text[1000];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    for (size_t length = 200; length < 300; length++) {
        size_t before = strlen(host_console);

        log_write(LOG_LEVEL_INFO, "%.*s", (int)length, text);
        size_t bytes = strlen(host_console) - before;

        CHECK(bytes <= LOG_LINE_BYTES);
        CHECK_EQUAL(bytes, length + 10 < LOG_LINE_BYTES ? length + 10 : LOG_LINE_BYTES - 1);
        CHECK_EQUAL(host_console[before + bytes - 1], '\n');
    }
}
