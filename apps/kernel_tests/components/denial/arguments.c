// Addresses, lengths and numbers that the kernel must refuse, by the calls that take them from user space.
// SPDX-License-Identifier: BSD-2-Clause

#include "denial.h"

#include <machine.h>

#define STACK_TOP (STACK_MAIN_BASE + STACK_MAIN_BYTES)

static uint64_t write(uint64_t address, uint64_t bytes)
{
    return sys_console_write(SLOT_CONSOLE, (const char *)address, bytes);
}

static void check_addresses(void)
{
    static char line[CONSOLE_WRITE_MAX + 1];

    memset(line, ' ', sizeof line);
    line[CONSOLE_WRITE_MAX - 1] = '\n';
    check_equal("the_longest_text_is_written", write((uintptr_t)line, CONSOLE_WRITE_MAX), STATUS_OK);
    check_equal("a_longer_one_is_refused", write((uintptr_t)line, CONSOLE_WRITE_MAX + 1),
                STATUS_BAD_ARGUMENT);
    check_equal("a_length_that_wraps_is_refused", write((uintptr_t)line, ~0ull), STATUS_BAD_ARGUMENT);
    check_equal("no_text_is_written", write((uintptr_t)line, 0), STATUS_OK);
    check_equal("an_unmapped_address_is_refused", write(UNMAPPED, 1), STATUS_BAD_ADDRESS);
    check_equal("address_0_is_refused", write(0, 1), STATUS_BAD_ADDRESS);
    check_equal("the_kernels_text_is_refused", write(KERNEL_TEXT, 1), STATUS_BAD_ADDRESS);
    check_equal("the_kernels_view_of_memory_is_refused", write(KERNEL_RAM, 1), STATUS_BAD_ADDRESS);
    check_equal("the_hole_is_refused", write(USER_END, 1), STATUS_BAD_ADDRESS);
    check_equal("an_address_that_wraps_is_refused", write(~0ull, 2), STATUS_BAD_ADDRESS);
    check_equal("device_registers_are_refused", write(DEVICE_BUS_BASE, 1), STATUS_BAD_ADDRESS);
    check_equal("a_text_that_leaves_the_mapping_is_refused", write(STACK_TOP - 1, 2), STATUS_BAD_ADDRESS);
    check_equal("a_text_that_ends_with_it_is_not", write(STACK_TOP - 1, 0), STATUS_OK);
    // Our stack has two pages, and this is far below what we use of it.
    memcpy((char *)STACK_MAIN_BASE + 4096 - 6, "note: pages\n", 12);
    check_equal("text_across_two_pages_is_written", write(STACK_MAIN_BASE + 4096 - 6, 12), STATUS_OK);
}

static void check_numbers(void)
{
    check_equal("an_unknown_question_is_refused",
                sys_inspect(SLOT_INSPECT, (enum inspect_what) ~0u, 0, 0).status, STATUS_BAD_ARGUMENT);
    check_equal("a_huge_index_is_refused", sys_inspect(SLOT_INSPECT, INSPECT_COMPONENT, ~0ull, 0).status,
                STATUS_BAD_ARGUMENT);
    check_equal("a_huge_slot_is_refused", sys_inspect(SLOT_INSPECT, INSPECT_CAP, 0, ~0ull).status,
                STATUS_BAD_SLOT);
    check_equal("a_time_far_away_is_fine", sys_timer_set(SLOT_TIMER_TICK, ~0ull), STATUS_OK);
    check_equal("and_can_be_cancelled", sys_timer_set(SLOT_TIMER_TICK, 0), STATUS_OK);
    check_equal("a_huge_type_is_refused", arch_syscall(SYS_POOL_CREATE, SLOT_POOL, ~0ull, 1, 0, 0, 0).status,
                STATUS_BAD_ARGUMENT);
    check_equal("a_huge_region_is_refused",
                arch_syscall(SYS_POOL_CREATE, SLOT_POOL, CAP_REGION, ~0ull, 0, 0, 0).status,
                STATUS_BAD_ARGUMENT);
    check_equal("a_huge_setting_is_refused", arch_syscall(SYS_OBJECT_SET, 0, ~0ull, 0, 0, 0, 0).status,
                STATUS_BAD_ARGUMENT);
}

void check_arguments(void)
{
    check_addresses();
    check_numbers();
}
