// What a component makes from its pool: regions, components, threads; and that nothing is left when it is
// gone. SPDX-License-Identifier: BSD-2-Clause

#include "../founder/founder.h"
#include "child.h"

NO_SUPERVISION
NO_HANDLER(on_keeper_poke)
NO_HANDLER(on_keeper_nudge)
NO_HANDLER(on_founder_poke)
NO_HANDLER(on_founder_nudge)

#define READ_WRITE (RIGHT_READ | RIGHT_WRITE)
#define POOL_PAGES (512 * 1024 / 4096)

static slot_t make_region(uint64_t pages)
{
    slot_t slot = 0;

    return sys_pool_create(SLOT_POOL, CAP_REGION, pages, 0, &slot) == STATUS_OK ? slot : 0;
}

static bool is_zero(const uint64_t *memory, uint64_t bytes)
{
    for (uint64_t i = 0; i < bytes / sizeof *memory; i++) {
        if (memory[i])
            return false;
    }
    return true;
}

static void check_region(void)
{
    slot_t region = make_region(3);
    struct region_info info;

    check("a_region_can_be_made", region != 0);
    check("it_has_its_size", sys_region_info(region, &info) == STATUS_OK && info.bytes == 3 * CHILD_PAGE);
    check_equal("and_no_device_address", info.device_address, 0);
    check_equal("it_can_be_mapped", sys_map(region, SLOT_NULL, WINDOW, READ_WRITE), STATUS_OK);
    check("it_is_zeroed", is_zero((uint64_t *)WINDOW, 3 * CHILD_PAGE));
    memset((void *)WINDOW, 0x5a, 3 * CHILD_PAGE);
    check_equal("twice_in_one_component_is_refused",
                sys_map(region, SLOT_NULL, WINDOW + (1 << 20), READ_WRITE), STATUS_BUSY);
    check_equal("it_can_be_unmapped", sys_unmap(region, SLOT_NULL), STATUS_OK);
    check_equal("what_is_not_mapped_cannot_be_unmapped", sys_unmap(region, SLOT_NULL), STATUS_BAD_ARGUMENT);
    check_equal("it_can_be_mapped_again", sys_map(region, SLOT_NULL, WINDOW, RIGHT_READ), STATUS_OK);
    check_equal("its_bytes_stay", *(uint64_t *)WINDOW, 0x5a5a5a5a5a5a5a5a);
    check_equal("it_can_be_destroyed_while_it_is_mapped", sys_pool_destroy(SLOT_POOL, region), STATUS_OK);
    check_equal("then_the_slot_is_stale", sys_region_info(region, &info), STATUS_BAD_SLOT);

    region = make_region(POOL_PAGES / 2);
    check_equal("half_the_pool_can_be_mapped", sys_map(region, SLOT_NULL, WINDOW, READ_WRITE), STATUS_OK);
    check("memory_comes_back_zeroed", is_zero((uint64_t *)WINDOW, POOL_PAGES / 2 * CHILD_PAGE));
    check_equal("and_can_be_destroyed", sys_pool_destroy(SLOT_POOL, region), STATUS_OK);
}

static void check_mapping(void)
{
    slot_t region = make_region(1);

    check_equal("writable_code_is_refused", sys_map(region, SLOT_NULL, WINDOW, READ_WRITE | RIGHT_EXECUTE),
                STATUS_BAD_ARGUMENT);
    check_equal("a_mapping_that_cannot_be_read_is_refused", sys_map(region, SLOT_NULL, WINDOW, RIGHT_WRITE),
                STATUS_BAD_ARGUMENT);
    check_equal("no_rights_are_refused", sys_map(region, SLOT_NULL, WINDOW, 0), STATUS_BAD_ARGUMENT);
    check_equal("unknown_rights_are_refused", sys_map(region, SLOT_NULL, WINDOW, READ_WRITE | RIGHT_CALL),
                STATUS_BAD_ARGUMENT);
    check_equal("an_odd_address_is_refused", sys_map(region, SLOT_NULL, WINDOW + 8, READ_WRITE),
                STATUS_BAD_ARGUMENT);
    check_equal("an_address_of_the_layout_is_refused", sys_map(region, SLOT_NULL, UNMAPPED, READ_WRITE),
                STATUS_BAD_ARGUMENT);
    check_equal("an_address_of_the_kernel_is_refused", sys_map(region, SLOT_NULL, KERNEL_RAM, READ_WRITE),
                STATUS_BAD_ARGUMENT);
    check_equal("an_address_past_the_end_is_refused", sys_map(region, SLOT_NULL, USER_END, READ_WRITE),
                STATUS_BAD_ARGUMENT);
    check_equal("the_last_page_is_not", sys_map(region, SLOT_NULL, USER_END - CHILD_PAGE, READ_WRITE),
                STATUS_OK);
    *(volatile uint64_t *)(USER_END - 8) = 1;
    check_equal("and_it_works", *(volatile uint64_t *)(USER_END - 8), 1);
    slot_t other = make_region(1);

    check_equal("an_address_in_use_is_refused", sys_map(other, SLOT_NULL, USER_END - CHILD_PAGE, READ_WRITE),
                STATUS_BAD_ARGUMENT);
    check_equal("the_refused_one_is_mapped_nowhere", sys_unmap(other, SLOT_NULL), STATUS_BAD_ARGUMENT);
    check("both_can_be_destroyed", sys_pool_destroy(SLOT_POOL, region) == STATUS_OK &&
                                       sys_pool_destroy(SLOT_POOL, other) == STATUS_OK);
}

static void check_limits(void)
{
    slot_t slot, slots[64];
    unsigned count = 0;
    enum status status;

    check_equal("a_region_of_nothing_is_refused", sys_pool_create(SLOT_POOL, CAP_REGION, 0, 0, &slot),
                STATUS_BAD_ARGUMENT);
    check_equal("a_region_above_the_limit_is_refused",
                sys_pool_create(SLOT_POOL, CAP_REGION, POOL_REGION_PAGES_MAX + 1, 0, &slot),
                STATUS_BAD_ARGUMENT);
    check_equal("more_than_the_pool_has_is_refused",
                sys_pool_create(SLOT_POOL, CAP_REGION, POOL_PAGES, 0, &slot), STATUS_NO_MEMORY);
    check_equal("a_type_that_pools_do_not_make_is_refused",
                sys_pool_create(SLOT_POOL, CAP_CLOCK, 0, 0, &slot), STATUS_BAD_ARGUMENT);
    check_equal("an_unknown_type_is_refused", sys_pool_create(SLOT_POOL, CAP_TYPES, 0, 0, &slot),
                STATUS_BAD_ARGUMENT);
    while ((status = sys_pool_create(SLOT_POOL, CAP_REGION, 1, 0, &slot)) == STATUS_OK && count < 64)
        slots[count++] = slot;
    check_equal("without_a_free_slot_nothing_is_made", status, STATUS_NO_SLOT);
    check_equal("all_slots_can_be_used", count, 32);
    while (count > 0)
        (void)!sys_pool_destroy(SLOT_POOL, slots[--count]);
    slot = make_region(1);
    check_equal("destroyed_ones_leave_their_slots", sys_pool_destroy(SLOT_POOL, slot), STATUS_OK);
}

static void check_child(void)
{
    struct child child, second;

    check("a_component_can_be_made", child_make(&child));
    check_equal("it_is_stopped", child_state(child.component), COMPONENT_STOPPED);
    check_equal("its_thread_can_be_set", child_set(&child, code_write, 0x77), STATUS_OK);
    child_run(&child);
    check_equal("it_runs_to_its_exit", child_state(child.component), COMPONENT_EXITED);
    check_equal("its_stack_is_zeroed_memory", state_of(child.component).fault_address, 0);
    check_equal("its_data_can_be_mapped_here", sys_map(child.data, SLOT_NULL, WINDOW, READ_WRITE), STATUS_OK);
    check_equal("it_wrote_its_data", *(uint64_t *)WINDOW, 0x77);
    check_equal("it_can_run_again", restart_child(child.component), STATUS_OK);
    check_equal("as_the_next_generation", state_of(child.component).generation, 2);
    check_equal("while_it_runs_its_thread_cannot_be_set", child_set(&child, code_spin, 0), STATUS_BUSY);
    check_equal("nor_can_it_get_another_thread",
                sys_pool_create(SLOT_POOL, CAP_THREAD, child.component, 0, &second.thread), STATUS_BUSY);
    check_equal("it_can_be_stopped", sys_component_control(child.component, COMPONENT_OP_STOP, 3), STATUS_OK);
    check_equal("our_own_component_gets_no_thread",
                sys_pool_create(SLOT_POOL, CAP_THREAD, 0, 0, &second.thread), STATUS_BAD_ARGUMENT);

    // It has nothing but its three pages.
    child_set(&child, code_read, CHILD_DATA);
    child_run(&child);
    check_equal("what_is_mapped_can_be_read", state_of(child.component).fault_address, 0x77);
    (void)!sys_component_control(child.component, COMPONENT_OP_STOP, 0);
    child_set(&child, code_read, STACK_MAIN_BASE);
    child_run(&child);
    check_equal("what_is_not_mapped_cannot", child_reason(child.component), FAULT_READ);
    (void)!sys_component_control(child.component, COMPONENT_OP_STOP, 0);
    check_equal("a_priority_above_our_own_is_refused", sys_object_set(child.thread, SET_RUN, 0, 101),
                STATUS_BAD_ARGUMENT);
    check_equal("priority_0_is_refused", sys_object_set(child.thread, SET_RUN, 0, 0), STATUS_BAD_ARGUMENT);
    check_equal("an_unknown_setting_is_refused", sys_object_set(child.thread, OBJECT_SETS, 0, 0),
                STATUS_BAD_ARGUMENT);
    check_equal("our_own_thread_cannot_be_set", sys_object_set(SLOT_NULL, SET_START, 0, 0), STATUS_BUSY);
    check_equal("a_component_of_the_layout_cannot_be_set", sys_object_set(SLOT_CHILD_KEEPER, SET_WATCH, 1, 0),
                STATUS_DENIED);
    check_equal("unmapping_takes_it_away", sys_unmap(child.data, child.component), STATUS_OK);
    child_set(&child, code_read, CHILD_DATA);
    child_run(&child);
    check_equal("what_was_unmapped_cannot_be_read", child_reason(child.component), FAULT_READ);
    child_destroy(&child);
    struct component_report report;

    check_equal("a_destroyed_component_is_stale", sys_component_state(child.component, &report),
                STATUS_BAD_SLOT);
    check_equal("so_is_its_thread", sys_object_set(child.thread, SET_START, 0, 0), STATUS_BAD_SLOT);
}

static void check_spinner(void)
{
    struct child child;

    check("a_second_one_can_be_made", child_make(&child));
    child_set(&child, code_spin, 0);
    restart_child(child.component);
    sys_yield();
    check_equal("it_spins", child_state(child.component), COMPONENT_RUNNING);
    check_equal("a_running_component_can_be_destroyed", sys_pool_destroy(SLOT_POOL, child.component),
                STATUS_OK);
    child.component = 0;
    child_destroy(&child);
    slot_t slot, threads = 0;
    struct child crowded;

    check("a_third_one_can_be_made", child_make(&crowded));
    while (sys_pool_create(SLOT_POOL, CAP_THREAD, crowded.component, 0, &slot) == STATUS_OK && threads < 8)
        threads++;
    check_equal("threads_are_as_many_as_declared", threads + 1, 4);
    child_destroy(&crowded);
    slot = make_region(POOL_PAGES * 3 / 4);
    check("afterwards_the_memory_is_free", slot != 0);
    (void)!sys_pool_destroy(SLOT_POOL, slot);
}

static uint64_t pages_left(void)
{
    uint64_t pages = 0;

    return raw_call(SLOT_USE_FOUNDER, FOUNDER_COUNT, 0, 0, &pages) == 0 ? pages : ~0ull;
}

static uint64_t found(void)
{
    uint64_t status = 0;

    return raw_call(SLOT_USE_FOUNDER, FOUNDER_MAKE, 0, 0, &status) == 0 ? status : ~0ull;
}

// The founder has a pool of its own, and dies with a component of it running. Pages that once held objects
// hold objects for ever, so the first round takes a few for good.
static void check_owners_end(void)
{
    check_equal("another_pool_can_be_used", found(), STATUS_OK);
    uint64_t used = pages_left();

    check_equal("its_owner_can_be_restarted", restart_child(SLOT_CHILD_FOUNDER), STATUS_OK);
    uint64_t free = pages_left();

    check("what_it_made_is_gone", free > used);
    check_equal("it_can_make_it_again", found(), STATUS_OK);
    check_equal("which_takes_as_much", pages_left(), used);
    restart_child(SLOT_CHILD_FOUNDER);
    check_equal("and_leaves_as_much", pages_left(), free);
}

int main(void)
{
    check_region();
    check_mapping();
    check_limits();
    check_child();
    check_spinner();
    check_owners_end();
    check_handlers();
    check_travel();
    finish();
}
