// Host test of kernel/boot/panic.c and kernel/plat/console.c: what is left when the kernel itself fails.
// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <kernel/console.h>
#include <kernel/panic.h>

#include <string.h>

// Runs `step`, which must end the machine.
static void ends(void (*step)(void))
{
    jmp_buf escape;

    host.escape = &escape;
    if (setjmp(escape) == 0) {
        step();
        CHECK(!"came back");
    }
    host.escape = NULL;
}

static void fail(void)
{
    panic("the %s is %u", "answer", 42u);
}

TEST(a_panic_prints_and_ends_with_code_2)
{
    system_start();
    console_yield();  // a component has the console: a panic takes it back
    host.console_length = 0;
    ends(fail);
    CHECK_EQUAL(host.end, HOST_POWER_OFF);
    CHECK_EQUAL(host.code, 2);
    CHECK(strcmp(host.console, "\ntenon: panic: the answer is 42\n") == 0);
}

TEST(the_next_boot_tells_of_the_panic_once)
{
    system_start();
    host.now = 777;
    ends(fail);
    host.console_length = 0;
    crash_log_report();
    CHECK(strstr(host.console, "the last run ended in a panic after 777 ns: the "));
    host.console_length = 0;
    host.console[0] = 0;
    crash_log_report();
    CHECK_EQUAL(host.console_length, 0);
}

TEST(a_damaged_crash_log_is_not_shown)
{
    system_start();
    ends(fail);
    host_ram[30] ^= 1;
    host.console_length = 0;
    crash_log_report();
    CHECK_EQUAL(host.console_length, 0);
}

TEST(a_board_with_too_little_memory_is_refused)
{
    host_init();
    host.memory_bytes = 0x1ff000;  // a page less than the layout needs
    CHECK(host_boot() == NULL);
    CHECK_EQUAL(host.code, 2);
    CHECK(strstr(host.console,
                 "panic: this board has 2044 KiB of memory behind the image, the layout needs 2048 KiB\n"));
}

TEST(a_board_whose_memory_is_elsewhere_is_refused)
{
    host_init();
    host.memory_bytes = 0;
    CHECK(host_boot() == NULL);
    CHECK(strstr(host.console, "panic: the device tree names no free memory at 0x40000000\n"));
}

TEST(formats_print_what_they_say)
{
    system_start();
    host.console_length = 0;
    print("%s|%c|%u|%x|%lu|%lx|%%|%u", "text", 'c', 4294967295u, 0xbeefu, (uint64_t)UINT64_MAX,
          (uint64_t)UINT64_MAX, 0u);
    CHECK(strcmp(host.console, "text|c|4294967295|beef|18446744073709551615|ffffffffffffffff|%%|0") == 0);
}

TEST(the_console_is_silent_while_a_component_has_it)
{
    system_start();
    host.console_length = 0;
    console_yield();
    print("lost\n");
    CHECK_EQUAL(host.console_length, 0);
    console_take();
    print("seen\n");
    CHECK(strcmp(host.console, "seen\n") == 0);
}

TEST(a_fault_report_names_component_reason_and_backtrace)
{
    system_start();
    system_run(T_APP);
    uint64_t records[4] = {STACK_ADDRESS + 16, 0x200111, 0, 0x200222};

    memcpy(memory(APP, STACK_ADDRESS), records, sizeof records);
    frame_of(T_APP)->x[29] = STACK_ADDRESS;
    frame_of(T_APP)->pc = 0x200333;
    host.console_length = 0;
    host_fault(FAULT_WRITE, 0x18, 0);
    CHECK(strstr(host.console, "tenon: component app failed: write fault at 0x18, pc 0x200333\n"));
    CHECK(strstr(host.console, "tenon: backtrace app 0x200333 0x200111 0x200222\n"));
}

TEST(a_backtrace_over_hostile_frames_ends)
{
    system_start();
    system_run(T_APP);
    uint64_t loop[2] = {STACK_ADDRESS, 0x200111};

    memcpy(memory(APP, STACK_ADDRESS), loop, sizeof loop);
    frame_of(T_APP)->x[29] = STACK_ADDRESS;
    frame_of(T_APP)->pc = 0x200333;
    host.console_length = 0;
    host_fault(FAULT_WRITE, 0x18, 0);
    CHECK(strstr(host.console, "backtrace app 0x200333 0x200111\n"));
}
