// Host test of kernel/boot/boot.c: from a fresh machine to the first thread.
// SPDX-License-Identifier: BSD-2-Clause
#include "system.h"

#include <string.h>

TEST(boot_starts_the_highest_priority_first)
{
    host_init();
    host_boot();
    CHECK_EQUAL(running(), T_SUP);
    CHECK_EQUAL(threads[T_SUP].frame.pc, TEXT_ADDRESS);
    CHECK_EQUAL(threads[T_SUP].frame.sp, STACK_TOP);
}

TEST(boot_gives_each_thread_its_index_as_argument)
{
    host_init();
    host_boot();
    CHECK_EQUAL(frame_of(T_WORKER)->x[0], 1);
    CHECK_EQUAL(frame_of(T_DISK)->x[0], 0);
}

TEST(boot_starts_only_components_with_autostart)
{
    host_init();
    host_boot();
    CHECK_EQUAL(components[SPARE].state, COMPONENT_STOPPED);
    CHECK_EQUAL(components[SPARE].generation, 0);
    CHECK_EQUAL(components[DISK].state, COMPONENT_RUNNING);
    CHECK_EQUAL(components[DISK].generation, 1);
}

TEST(every_thread_can_be_found_by_its_id)
{
    host_init();
    host_boot();
    CHECK(thread_table[0] == NULL);
    for (unsigned i = 0; i < THREADS; i++) {
        CHECK(thread_table[i + 1] == &threads[i]);
        CHECK_EQUAL(threads[i].id, i + 1);
    }
}

TEST(memory_begins_as_the_image_says)
{
    host_init();
    memset(host_ram, 0xa5, sizeof host_ram);
    host_boot();
    CHECK(memcmp(memory(FILES, DATA_ADDRESS), test_initial[FILES], DATA_INITIAL) == 0);
    for (unsigned i = DATA_INITIAL; i < DATA_PAGES * PAGE_SIZE; i++)
        CHECK_EQUAL(memory(FILES, DATA_ADDRESS)[i], 0);
    CHECK_EQUAL(memory(DISK, SHARED_ADDRESS)[0], 0);
    CHECK_EQUAL(memory(FILES, STACK_ADDRESS)[0], 0);
    // Of one that has not been started: each of its starts does that.
    CHECK_EQUAL(memory(SPARE, STACK_ADDRESS)[0], 0xa5);
}

TEST(the_console_shows_the_banner_and_every_static_capability)
{
    host_init();
    host_boot();
    CHECK(strstr(host.console, "tenon: host tests on host, layout 1234, host\n"));
    CHECK(strstr(host.console, "cap disk 18 5 43 0 25\n"));  // the DMA region
    CHECK(strstr(host.console, "cap guest 1 1 28 42 0\n"));  // disk's endpoint, badge 66
    CHECK(strstr(host.console, "cap end\n"));
}

TEST(interrupts_start_masked)
{
    host_init();
    host_boot();
    CHECK(!host.enabled[LINE_LEVEL] && !host.enabled[LINE_EDGE]);
    CHECK(host.edge[LINE_EDGE] && !host.edge[LINE_LEVEL]);
}

TEST(every_component_blocks_and_the_core_sleeps)
{
    system_start();
    for (unsigned i = 0; i < THREADS; i++)
        CHECK_EQUAL(threads[i].state, i == T_SPARE ? THREAD_INACTIVE : THREAD_RECEIVING);
}
