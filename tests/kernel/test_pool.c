// Host test of kernel/object/pool.c and kernel/syscall/memory.c: objects made at run time by pager, which
// holds a pool. SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <arch/cpu.h>
#include <kernel/component.h>
#include <kernel/notification.h>
#include <kernel/pool.h>

#include <string.h>

#define WINDOW ARCH_DYNAMIC_BASE
#define CODE   0x400000ull

static uint64_t make(uint64_t type, uint64_t a, uint64_t b)
{
    return sys(SYS_POOL_CREATE, S_POOL, type, a, b, 0);
}

// Makes it and returns its slot.
static uint64_t made(uint64_t type, uint64_t a, uint64_t b)
{
    CHECK_EQUAL(make(type, a, b), STATUS_OK);
    return frame_of(T_PAGER)->x[1];
}

static uint64_t destroy(uint64_t slot)
{
    return sys(SYS_POOL_DESTROY, S_POOL, slot, 0, 0, 0);
}

static struct kobject *object_in(uint64_t slot)
{
    return components[PAGER].caps[slot].object;
}

static struct component *component_in(uint64_t slot)
{
    return CONTAINER_OF(object_in(slot), struct component, head);
}

static struct thread *thread_in(uint64_t slot)
{
    return CONTAINER_OF(object_in(slot), struct thread, head);
}

static struct region *region_in(uint64_t slot)
{
    return CONTAINER_OF(object_in(slot), struct region, head);
}

static unsigned pages_of(enum pool_page kind)
{
    unsigned count = 0;

    for (uint32_t i = 0; i < POOL_PAGES; i++)
        count += pools[0].kinds[i] == kind;
    return count;
}

static void check_free_pages_are_zero(void)
{
    for (uint32_t i = 0; i < POOL_PAGES; i++) {
        const uint8_t *page = arch_physical(regions[REGION_POOL].base + i * PAGE_SIZE);

        for (unsigned at = 0; pools[0].kinds[i] == POOL_FREE && at < PAGE_SIZE; at++)
            CHECK(page[at] == 0);
    }
}

static void pager_runs(void)
{
    system_start();
    system_run(T_PAGER);
}

// A child of pager with one thread of this priority; both slots.
struct child {
    uint64_t component, thread;
};

static struct child make_child(uint64_t priority)
{
    struct child child;

    child.component = made(CAP_COMPONENT, 0, 0);
    child.thread = made(CAP_THREAD, child.component, 0);
    CHECK_EQUAL(sys(SYS_OBJECT_SET, child.thread, SET_START, CODE, 0x500000, 0), STATUS_OK);
    CHECK_EQUAL(sys(SYS_OBJECT_SET, child.thread, SET_RUN, 77, priority, 0), STATUS_OK);
    return child;
}

static void start(struct child child)
{
    CHECK_EQUAL(sys(SYS_COMPONENT_CONTROL, child.component, COMPONENT_OP_RESTART, 0, 0, 0), STATUS_OK);
}

TEST(a_region_is_zeroed_memory_of_the_pool)
{
    pager_runs();
    uint64_t slot = made(CAP_REGION, 5, 0);

    CHECK_EQUAL(slot, S_DYNAMIC);
    CHECK_EQUAL(components[PAGER].caps[slot].type, CAP_REGION);
    CHECK_EQUAL(region_in(slot)->bytes, 5 * PAGE_SIZE);
    CHECK_EQUAL(pages_of(POOL_DATA), 5);
    CHECK_EQUAL(pages_of(POOL_REGIONS), 1);
    CHECK_EQUAL(sys(SYS_REGION_INFO, slot, 0, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(frame_of(T_PAGER)->x[1], 5 * PAGE_SIZE);
    CHECK_EQUAL(frame_of(T_PAGER)->x[2], 0);  // no device address
}

TEST(regions_do_not_overlap_and_their_pages_come_back)
{
    pager_runs();
    uint64_t first = made(CAP_REGION, 10, 0), second = made(CAP_REGION, 20, 0);
    paddr_t low = region_in(second)->base, high = region_in(first)->base;

    CHECK(low + 20 * PAGE_SIZE <= high || high + 10 * PAGE_SIZE <= low);
    memset(arch_physical(low), 0xee, 20 * PAGE_SIZE);
    CHECK_EQUAL(destroy(second), STATUS_OK);
    CHECK_EQUAL(pages_of(POOL_DATA), 10);
    check_free_pages_are_zero();
    CHECK_EQUAL(destroy(first), STATUS_OK);
    CHECK_EQUAL(pages_of(POOL_DATA), 0);
}

TEST(sizes_and_types_that_cannot_be_are_refused)
{
    pager_runs();
    CHECK_EQUAL(make(CAP_REGION, 0, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(make(CAP_REGION, POOL_REGION_PAGES_MAX + 1, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(make(CAP_REGION, UINT64_MAX, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(make(CAP_REGION, POOL_PAGES + 1, 0), STATUS_NO_MEMORY);
    CHECK_EQUAL(make(CAP_TIMER, 0, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(make(CAP_NONE, 0, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(make(UINT64_MAX, 0, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(sys(SYS_POOL_CREATE, S_CLOCK, CAP_REGION, 1, 0, 0), STATUS_BAD_TYPE);
    CHECK_EQUAL(sys(SYS_POOL_CREATE, S_EMPTY, CAP_REGION, 1, 0, 0), STATUS_BAD_SLOT);
    CHECK_EQUAL(frame_of(T_PAGER)->x[1], 0);
    CHECK_EQUAL(pages_of(POOL_DATA), 0);
}

TEST(a_full_table_is_told_before_anything_is_made)
{
    pager_runs();
    for (unsigned i = S_DYNAMIC; i < SLOTS; i++)
        made(CAP_REGION, 1, 0);
    CHECK_EQUAL(make(CAP_REGION, 1, 0), STATUS_NO_SLOT);
    CHECK_EQUAL(make(CAP_COMPONENT, 0, 0), STATUS_NO_SLOT);
    CHECK_EQUAL(make(CAP_NOTIFICATION, 0, 1), STATUS_NO_SLOT);
    CHECK_EQUAL(pages_of(POOL_DATA), SLOTS - S_DYNAMIC);
    CHECK_EQUAL(pages_of(POOL_COMPONENTS), 0);
}

TEST(a_region_can_be_mapped_used_and_unmapped)
{
    pager_runs();
    uint64_t slot = made(CAP_REGION, 3, 0);

    CHECK_EQUAL(sys(SYS_MAP, slot, 0, WINDOW, RIGHT_READ | RIGHT_WRITE, 0), STATUS_OK);
    memory(PAGER, WINDOW + 2 * PAGE_SIZE)[9] = 0x77;
    CHECK_EQUAL(((uint8_t *)arch_physical(region_in(slot)->base))[2 * PAGE_SIZE + 9], 0x77);
    CHECK_EQUAL(sys(SYS_MAP, slot, 0, WINDOW + 0x100000, RIGHT_READ, 0),
                STATUS_BUSY);  // once in each component
    CHECK_EQUAL(sys(SYS_UNMAP, slot, 0, 0, 0, 0), STATUS_OK);
    CHECK(arch_user_pointer(&components[PAGER].vspace, WINDOW, RIGHT_READ) == NULL);
    CHECK_EQUAL(sys(SYS_UNMAP, slot, 0, 0, 0, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(sys(SYS_MAP, slot, 0, WINDOW, RIGHT_READ, 0), STATUS_OK);
}

TEST(a_copy_finds_nothing_that_was_unmapped)
{
    pager_runs();
    uint64_t slot = made(CAP_REGION, 1, 0);
    const uint64_t words[MESSAGE_WORDS] = {[6] = DATA_ADDRESS, [7] = 100 | LEND_READ};

    CHECK_EQUAL(sys(SYS_MAP, slot, 0, WINDOW, RIGHT_READ | RIGHT_WRITE, 0), STATUS_OK);
    system_run(T_APP);
    call(S_PAGER, 1, words, 1ull << INFO_LENDS_SHIFT);
    CHECK_EQUAL(running(), T_PAGER);
    uint64_t token = token_of(T_PAGER);

    CHECK_EQUAL(sys(SYS_COPY_IN, token, 0, 0, WINDOW, 50), STATUS_OK);
    CHECK_EQUAL(sys(SYS_COPY_IN, token, 0, 0, WINDOW, 50), STATUS_OK);
    CHECK_EQUAL(sys(SYS_UNMAP, slot, 0, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(sys(SYS_COPY_IN, token, 0, 0, WINDOW, 50), STATUS_BAD_ADDRESS);
}

TEST(mappings_that_cannot_be_are_refused_and_leave_nothing)
{
    pager_runs();
    uint64_t slot = made(CAP_REGION, 3, 0), other = made(CAP_REGION, 1, 0);

    CHECK_EQUAL(sys(SYS_MAP, slot, 0, WINDOW, RIGHT_WRITE, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(sys(SYS_MAP, slot, 0, WINDOW, RIGHT_READ | RIGHT_CALL, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(sys(SYS_MAP, slot, 0, WINDOW, RIGHT_READ | RIGHT_WRITE | RIGHT_EXECUTE, 0),
                STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(sys(SYS_MAP, slot, 0, WINDOW + 1, RIGHT_READ, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(sys(SYS_MAP, slot, 0, CODE, RIGHT_READ, 0), STATUS_BAD_ARGUMENT);  // the layout's half
    CHECK_EQUAL(sys(SYS_MAP, slot, 0, ARCH_USER_END - 2 * PAGE_SIZE, RIGHT_READ, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(sys(SYS_MAP, slot, 0, UINT64_MAX & ~(PAGE_SIZE - 1), RIGHT_READ, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(sys(SYS_MAP, S_SHARED, 0, WINDOW, RIGHT_READ, 0), STATUS_BAD_ARGUMENT);  // of the layout
    CHECK_EQUAL(sys(SYS_MAP, S_SHARED, 0, WINDOW, RIGHT_READ | RIGHT_WRITE, 0), STATUS_DENIED);
    CHECK_EQUAL(sys(SYS_MAP, other, 0, WINDOW + 2 * PAGE_SIZE, RIGHT_READ, 0), STATUS_OK);
    CHECK_EQUAL(sys(SYS_MAP, slot, 0, WINDOW, RIGHT_READ, 0), STATUS_BAD_ARGUMENT);  // its last page is taken
    CHECK(arch_user_pointer(&components[PAGER].vspace, WINDOW, RIGHT_READ) == NULL);
    CHECK(arch_user_pointer(&components[PAGER].vspace, WINDOW + 2 * PAGE_SIZE, RIGHT_READ) != NULL);
}

TEST(missing_tables_come_from_the_pool_until_it_is_empty)
{
    pager_runs();
    uint64_t slot = made(CAP_REGION, 1, 0);

    CHECK_EQUAL(sys(SYS_MAP, slot, 0, WINDOW, RIGHT_READ, 0), STATUS_OK);
    CHECK_EQUAL(pages_of(POOL_TABLE), 2);
    CHECK_EQUAL(sys(SYS_UNMAP, slot, 0, 0, 0, 0), STATUS_OK);
    while (pages_of(POOL_FREE) > 0)
        CHECK_EQUAL(make(CAP_REGION, pages_of(POOL_FREE) > 20 ? 20 : pages_of(POOL_FREE), 0), STATUS_OK);
    CHECK_EQUAL(sys(SYS_MAP, slot, 0, WINDOW + (1ull << 31), RIGHT_READ, 0), STATUS_NO_MEMORY);
    CHECK_EQUAL(sys(SYS_MAP, slot, 0, WINDOW + PAGE_SIZE, RIGHT_READ, 0), STATUS_OK);
}

TEST(a_destroyed_region_is_out_of_every_address_space_and_table)
{
    pager_runs();
    struct child child = make_child(50);
    uint64_t slot = made(CAP_REGION, 3, 0);

    CHECK_EQUAL(sys(SYS_MAP, slot, 0, WINDOW, RIGHT_READ | RIGHT_WRITE, 0), STATUS_OK);
    CHECK_EQUAL(sys(SYS_MAP, slot, child.component, CODE, RIGHT_READ | RIGHT_EXECUTE, 0), STATUS_OK);
    CHECK_EQUAL(sys(SYS_CAP_COPY, slot, child.component, 9, 0xff, 0), STATUS_OK);
    struct vspace *vspace = &component_in(child.component)->vspace;

    CHECK(arch_user_pointer(vspace, CODE, RIGHT_READ) != NULL);
    CHECK_EQUAL(destroy(slot), STATUS_OK);
    CHECK(arch_user_pointer(vspace, CODE, RIGHT_READ) == NULL);
    CHECK(arch_user_pointer(&components[PAGER].vspace, WINDOW, RIGHT_READ) == NULL);
    struct cap *copy = &component_in(child.component)->caps[9];

    CHECK(copy->generation != copy->object->generation);
    CHECK_EQUAL(destroy(slot), STATUS_BAD_SLOT);
}

TEST(a_region_has_a_bounded_number_of_mappings)
{
    pager_runs();
    uint64_t slot = made(CAP_REGION, 1, 0), first = 0;

    components[PAGER].cap_dynamic = S_DYNAMIC;
    CHECK_EQUAL(sys(SYS_MAP, slot, 0, WINDOW, RIGHT_READ, 0), STATUS_OK);
    for (unsigned i = 1; i < POOL_MAPPINGS; i++) {
        first = made(CAP_COMPONENT, 0, 0);
        CHECK_EQUAL(sys(SYS_MAP, slot, first, CODE, RIGHT_READ, 0), STATUS_OK);
    }
    CHECK_EQUAL(sys(SYS_MAP, slot, made(CAP_COMPONENT, 0, 0), CODE, RIGHT_READ, 0), STATUS_BUSY);
    CHECK_EQUAL(sys(SYS_UNMAP, slot, first, 0, 0, 0), STATUS_OK);
}

TEST(a_made_component_runs_and_calls_with_what_it_was_given)
{
    pager_runs();
    struct child child = make_child(185);

    CHECK_EQUAL(sys(SYS_CAP_COPY, S_DISK, child.component, 3, RIGHT_CALL, 0), STATUS_OK);
    start(child);
    reply_wait(0, 0);
    struct thread *thread = arch_core()->current;

    CHECK(thread == thread_in(child.thread));
    CHECK_EQUAL(thread->frame.pc, CODE);
    CHECK_EQUAL(thread->frame.sp, 0x500000);
    CHECK_EQUAL(thread->frame.x[0], 77);
    call(3, 5, NULL, 0);
    CHECK_EQUAL(running(), T_DISK);
    CHECK_EQUAL(badge_of(T_DISK), PAGER);  // it is pager's capability
    reply_wait(token_of(T_DISK), 6);
    CHECK(arch_core()->current == thread);
    CHECK_EQUAL(thread->frame.x[0], 6);
}

TEST(others_call_a_made_thread_through_a_capability_that_its_maker_makes)
{
    pager_runs();
    struct child child = make_child(185);
    uint64_t slot = made(CAP_ENDPOINT, child.thread, 9);

    start(child);
    reply_wait(0, 0);
    CHECK(arch_core()->current == thread_in(child.thread));
    reply_wait(0, 0);  // waits
    system_run(T_PAGER);
    call(slot, 4, NULL, 0);
    struct thread *thread = arch_core()->current;

    CHECK(thread == thread_in(child.thread));
    CHECK_EQUAL(thread->frame.x[0], 9ull << INFO_SLOT_SHIFT | 4);
    reply_wait(thread->frame.x[1], 8);
    CHECK_EQUAL(running(), T_PAGER);
    CHECK_EQUAL(info_of(T_PAGER), 8);
    CHECK_EQUAL(make(CAP_ENDPOINT, child.thread, POOL_CLIENTS), STATUS_BAD_ARGUMENT);
}

TEST(a_notification_of_ones_own_can_be_handed_on)
{
    pager_runs();
    struct child child = make_child(150);
    uint64_t slot = made(CAP_NOTIFICATION, 0, 0x30);

    CHECK_EQUAL(sys(SYS_CAP_COPY, slot, child.component, 1, 0xff, 0), STATUS_OK);
    start(child);
    reply_wait(0, 0);
    struct thread *thread = arch_core()->current;

    thread->frame.x[0] = 1;
    host_syscall(SYS_SIGNAL);
    CHECK_EQUAL(running(), T_PAGER);
    CHECK_EQUAL(word_of(T_PAGER, 0), 0x30);
}

TEST(capabilities_lead_to_threads_of_ones_own_only)
{
    pager_runs();
    CHECK_EQUAL(make(CAP_NOTIFICATION, S_THREAD_GUEST, 1), STATUS_DENIED);   // a thread of the layout
    CHECK_EQUAL(make(CAP_NOTIFICATION, S_THREAD_GUEST2, 1), STATUS_DENIED);  // for reading only
    CHECK_EQUAL(make(CAP_ENDPOINT, S_CLOCK, 1), STATUS_BAD_TYPE);
    CHECK_EQUAL(make(CAP_THREAD, 0, 0), STATUS_BAD_ARGUMENT);  // no threads for its own component
}

TEST(a_child_ends_with_its_maker)
{
    pager_runs();
    struct child child = make_child(50);
    struct thread *thread = thread_in(child.thread);
    struct component *component = component_in(child.component);

    start(child);
    component_end(&components[PAGER], COMPONENT_STOPPED, 0);
    host_leave();
    CHECK_EQUAL(component->state, COMPONENT_STOPPED);
    CHECK_EQUAL(thread->state, THREAD_INACTIVE);
    CHECK(components[PAGER].caps[S_DYNAMIC].object == NULL);
}

TEST(the_next_generation_of_the_maker_has_its_whole_pool)
{
    pager_runs();
    struct child child = make_child(50);
    uint64_t slot = made(CAP_REGION, 7, 0);

    CHECK_EQUAL(sys(SYS_MAP, slot, 0, WINDOW, RIGHT_READ | RIGHT_WRITE, 0), STATUS_OK);
    CHECK_EQUAL(sys(SYS_MAP, slot, child.component, CODE, RIGHT_READ, 0), STATUS_OK);
    memset(memory(PAGER, WINDOW), 0xdd, 7 * PAGE_SIZE);
    start(child);
    system_run(T_SUP);
    CHECK_EQUAL(sys(SYS_COMPONENT_CONTROL, S_COMPONENT + PAGER, COMPONENT_OP_RESTART, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(pages_of(POOL_DATA) + pages_of(POOL_CAPS) + pages_of(POOL_TABLE), 0);
    check_free_pages_are_zero();
    for (uint32_t id = 1 + THREADS; id < thread_table_count; id++)
        CHECK(thread_table[id] == NULL);
    CHECK(arch_user_pointer(&components[PAGER].vspace, WINDOW, RIGHT_READ) == NULL);
    block_until(T_PAGER);
    CHECK_EQUAL(make(CAP_REGION, 1, 0), STATUS_OK);
}

TEST(a_child_that_is_destroyed_gives_everything_back)
{
    pager_runs();
    unsigned free_pages = 0;

    for (unsigned round = 0; round < 3; round++) {
        struct child child = make_child(50);
        uint64_t slot = made(CAP_REGION, 2, 0);

        CHECK_EQUAL(sys(SYS_MAP, slot, child.component, CODE, RIGHT_READ, 0), STATUS_OK);
        start(child);
        CHECK_EQUAL(destroy(child.component), STATUS_OK);
        CHECK_EQUAL(destroy(slot), STATUS_OK);
        check_free_pages_are_zero();
        CHECK(round == 0 || pages_of(POOL_FREE) == free_pages);  // slabs stay, once
        free_pages = pages_of(POOL_FREE);
    }
}

TEST(threads_are_limited_by_the_layout)
{
    pager_runs();
    uint64_t component = made(CAP_COMPONENT, 0, 0);

    for (unsigned i = 0; i < POOL_THREADS_MAX; i++)
        CHECK_EQUAL(sys(SYS_CAP_DROP, made(CAP_THREAD, component, 0), 0, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(make(CAP_THREAD, component, 0), STATUS_NO_MEMORY);
}

TEST(all_threads_of_a_large_component_end_and_none_of_their_calls_stays)
{
    pager_runs();
    uint64_t component = made(CAP_COMPONENT, 0, 0);

    CHECK_EQUAL(sys(SYS_CAP_COPY, S_WORKER, component, 3, RIGHT_CALL, 0),
                STATUS_DENIED);  // not to be granted
    CHECK_EQUAL(sys(SYS_CAP_COPY, S_FILES, component, 3, RIGHT_CALL, 0), STATUS_OK);
    for (unsigned i = 0; i < POOL_THREADS_MAX; i++) {
        uint64_t thread = made(CAP_THREAD, component, 0);

        CHECK_EQUAL(sys(SYS_OBJECT_SET, thread, SET_RUN, 0, 160, 0), STATUS_OK);
        CHECK_EQUAL(sys(SYS_CAP_DROP, thread, 0, 0, 0, 0), STATUS_OK);
    }
    system_run(T_FILES);
    call(S_PAGER, 1, NULL, 0);  // files is busy, so the calls below queue at it
    block_until(THREADS);
    system_run(T_PAGER);
    start((struct child){component, 0});
    reply_wait(0, 0);
    while (running() == MADE_THREAD)
        call(3, 1, NULL, 0);
    CHECK(endpoints[E_FILES].queue.first != NULL);
    system_run(T_PAGER);
    CHECK_EQUAL(destroy(component), STATUS_OK);
    CHECK(endpoints[E_FILES].queue.first == NULL);
    check_free_pages_are_zero();
}

TEST(a_component_that_runs_cannot_be_changed)
{
    pager_runs();
    struct child child = make_child(50);

    start(child);
    CHECK_EQUAL(sys(SYS_OBJECT_SET, child.thread, SET_START, CODE, 0, 0), STATUS_BUSY);
    CHECK_EQUAL(make(CAP_THREAD, child.component, 0), STATUS_BUSY);
    CHECK_EQUAL(sys(SYS_OBJECT_SET, 0, SET_START, CODE, 0, 0), STATUS_BUSY);  // oneself
}

TEST(no_child_is_above_its_maker)
{
    pager_runs();
    uint64_t component = made(CAP_COMPONENT, 0, 0), thread = made(CAP_THREAD, component, 0);

    CHECK_EQUAL(sys(SYS_OBJECT_SET, thread, SET_RUN, 0, 190, 0), STATUS_OK);  // pager's own
    CHECK_EQUAL(sys(SYS_OBJECT_SET, thread, SET_RUN, 0, 191, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(sys(SYS_OBJECT_SET, thread, SET_RUN, 0, 0, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(sys(SYS_OBJECT_SET, thread, SET_RUN, 0, 190 + 256, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(sys(SYS_OBJECT_SET, thread, OBJECT_SETS, 0, 0, 0), STATUS_BAD_ARGUMENT);
}

TEST(a_child_of_a_personality_has_its_calls_reflected)
{
    pager_runs();
    struct child child = make_child(150);

    CHECK_EQUAL(sys(SYS_OBJECT_SET, child.thread, SET_HANDLER, S_PAGER, 2, 0), STATUS_BAD_ARGUMENT);
    CHECK_EQUAL(sys(SYS_OBJECT_SET, child.thread, SET_HANDLER, S_CLOCK, 1, 0), STATUS_BAD_TYPE);
    CHECK_EQUAL(sys(SYS_OBJECT_SET, child.thread, SET_HANDLER, S_PAGER, 1, 0), STATUS_OK);
    start(child);
    reply_wait(0, 0);
    CHECK(arch_core()->current == thread_in(child.thread));
    host_syscall(SYS_CLOCK);
    CHECK_EQUAL(running(), T_PAGER);
    CHECK_EQUAL(kind_of(T_PAGER), KIND_FAULT);
    CHECK_EQUAL(badge_of(T_PAGER), PAGER);
    uint64_t token = token_of(T_PAGER);

    CHECK_EQUAL(sys(SYS_FRAME_READ, child.thread, DATA_ADDRESS, 0, 0, 0), STATUS_OK);
    reply_wait(token, FAULT_REPLY_RESULT);
    CHECK(arch_core()->current == thread_in(child.thread));
}

TEST(the_maker_can_watch_its_children)
{
    pager_runs();
    struct child child = make_child(150);

    CHECK_EQUAL(sys(SYS_OBJECT_SET, child.component, SET_WATCH, 0x40, 0, 0), STATUS_OK);
    CHECK_EQUAL(sys(SYS_OBJECT_SET, 0, SET_WATCH, 0x40, 0, 0), STATUS_BAD_ARGUMENT);
    start(child);
    reply_wait(0, 0);
    host_fault(FAULT_READ, 0x10, 0);
    CHECK_EQUAL(running(), T_PAGER);
    CHECK_EQUAL(word_of(T_PAGER, 0), 0x40);
    CHECK_EQUAL(sys(SYS_COMPONENT_STATE, child.component, 0, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(frame_of(T_PAGER)->x[1], COMPONENT_FAULTED | FAULT_READ << 16);
}

TEST(children_run_on_their_makers_budget)
{
    pager_runs();
    struct child child = make_child(150);

    start(child);
    reply_wait(0, 0);
    CHECK(arch_core()->current == thread_in(child.thread));
    host_run_for(1000);
    reply_wait(0, 0);
    CHECK_EQUAL(components[PAGER].sched_context.run_time, 1000);
}

TEST(a_token_of_a_thread_that_is_gone_never_answers_its_successor)
{
    pager_runs();
    struct child child = make_child(185);

    CHECK_EQUAL(sys(SYS_CAP_COPY, S_DISK, child.component, 3, RIGHT_CALL, 0), STATUS_OK);
    start(child);
    reply_wait(0, 0);
    call(3, 1, NULL, 0);
    uint64_t old = token_of(T_DISK);

    reply_wait(0, 0);  // disk keeps it
    system_run(T_PAGER);
    CHECK_EQUAL(destroy(child.component), STATUS_OK);
    child = make_child(185);
    CHECK_EQUAL(sys(SYS_CAP_COPY, S_DISK, child.component, 3, RIGHT_CALL, 0), STATUS_OK);
    start(child);
    reply_wait(0, 0);
    block_until(THREADS);
    notification_signal(thread_in(child.thread)->notification, 1);
    host_leave();
    CHECK(arch_core()->current == thread_in(child.thread));
    call(3, 1, NULL, 0);
    CHECK_EQUAL(running(), T_DISK);
    CHECK_EQUAL(token_of(T_DISK) & 0xffff, old & 0xffff);
    CHECK(token_of(T_DISK) != old);
    CHECK_EQUAL(reply(old, 0), STATUS_STALE);
}

// A caller of a child whose start is under way waits for it. Then the start is not finished.
static unsigned polls;

static void raise_at_first_poll(void)
{
    if (polls++ == 0)
        host_raise(LINE_EDGE);
}

static uint64_t queue_at_starting_child(struct child child)
{
    struct arch_frame *frame = frame_of(T_PAGER);
    const uint64_t arguments[] = {child.component, COMPONENT_OP_RESTART, 0, 0};
    uint64_t slot = made(CAP_ENDPOINT, child.thread, 9);

    // Disk, above pager for once, calls the child between two steps.
    components[DISK].caps[S_EMPTY] = components[PAGER].caps[slot];
    threads[T_DISK].priority = 191;
    host.enabled[LINE_EDGE] = true;
    host.on_poll = raise_at_first_poll;
    memcpy(frame->x, arguments, sizeof arguments);
    host_syscall(SYS_COMPONENT_CONTROL);
    CHECK_EQUAL(running(), T_DISK);
    call(S_EMPTY, 3, NULL, 0);
    CHECK_EQUAL(threads[T_DISK].state, THREAD_CALLING);
    CHECK_EQUAL(running(), T_PAGER);
    return slot;
}

TEST(a_child_that_is_destroyed_while_it_starts_leaves_no_caller_behind)
{
    pager_runs();
    struct child child = make_child(50);

    queue_at_starting_child(child);
    destroy(child.component);  // ends the start first: disk goes on, above pager, whose call is repeated then
    CHECK_EQUAL(running(), T_DISK);
    CHECK_EQUAL(kind_of(T_DISK), STATUS_PEER_GONE);
    block_until(T_PAGER);
    CHECK_EQUAL(destroy(child.component), STATUS_OK);
}

TEST(a_child_that_is_starting_when_its_maker_ends_leaves_no_caller_behind)
{
    pager_runs();
    struct child child = make_child(50);

    queue_at_starting_child(child);
    host_syscall(SYS_EXIT);
    block_until(T_DISK);
    CHECK_EQUAL(kind_of(T_DISK), STATUS_PEER_GONE);
}

TEST(destroying_something_else_is_refused)
{
    pager_runs();
    CHECK_EQUAL(destroy(S_EMPTY), STATUS_BAD_SLOT);
    CHECK_EQUAL(destroy(S_SHARED), STATUS_BAD_TYPE);
    CHECK_EQUAL(destroy(S_DISK), STATUS_BAD_TYPE);
    struct child child = make_child(50);

    CHECK_EQUAL(destroy(child.thread), STATUS_BAD_TYPE);  // threads go with their component
    CHECK_EQUAL(sys(SYS_POOL_DESTROY, S_CLOCK, child.component, 0, 0, 0), STATUS_BAD_TYPE);
}

// Random making, mapping, starting, ending and destroying: pages and records stay consistent, free pages stay
// zero.
static uint32_t random_state;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % limit;
}

static uint64_t dynamic_slot(void)
{
    return S_DYNAMIC + random_below(SLOTS - S_DYNAMIC);
}

static void random_step(void)
{
    switch (random_below(12)) {
    case 0:
    case 1: make(CAP_REGION, 1 + random_below(12), 0); break;
    case 2: make(CAP_COMPONENT, 0, 0); break;
    case 3:
    case 4: make(CAP_THREAD, dynamic_slot(), 0); break;
    case 5: sys(SYS_OBJECT_SET, dynamic_slot(), SET_RUN, 0, 1 + random_below(100), 0); break;
    case 6:
        sys(SYS_MAP, dynamic_slot(), random_below(2) ? 0 : dynamic_slot(),
            WINDOW + random_below(64) * 0x8000000ull, RIGHT_READ | RIGHT_WRITE, 0);
        break;
    case 7: sys(SYS_UNMAP, dynamic_slot(), random_below(2) ? 0 : dynamic_slot(), 0, 0, 0); break;
    case 8: sys(SYS_COMPONENT_CONTROL, dynamic_slot(), random_below(COMPONENT_OPS), 0, 0, 0); break;
    case 9:
    case 10: destroy(dynamic_slot()); break;
    default: make(random_below(2) ? CAP_ENDPOINT : CAP_NOTIFICATION, dynamic_slot(), 1); break;
    }
}

TEST(thousands_of_random_steps_keep_the_pool_consistent)
{
    pager_runs();
    random_state = 7;
    for (unsigned step = 0; step < 6000; step++) {
        random_step();
        if (running() != T_PAGER)
            system_run(T_PAGER);
        if (step % 50 == 0)
            check_free_pages_are_zero();
    }
    system_run(T_SUP);
    CHECK_EQUAL(sys(SYS_COMPONENT_CONTROL, S_COMPONENT + PAGER, COMPONENT_OP_RESTART, 0, 0, 0), STATUS_OK);
    CHECK_EQUAL(pages_of(POOL_DATA) + pages_of(POOL_CAPS) + pages_of(POOL_TABLE), 0);
    check_free_pages_are_zero();
}
