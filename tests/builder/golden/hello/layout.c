// The layout of system hello, generated from its description; layout.json says the same as data.
// kernel/layout.h explains the tables.
// SPDX-License-Identifier: BSD-2-Clause

#include <kernel/board.h>
#include <kernel/stacks.h>

extern const char payload_asker_text[];
extern const char payload_asker_rodata[];
extern const char payload_asker_data[];
extern const char payload_greeter_rodata[];
extern const char payload_greeter_data[];
// --- System --------------------------------------------------------------------------------------

const char layout_name[] = "hello";
const uint64_t layout_hash = 0xb1643e365de308ce;
const uint64_t layout_ram_bytes = 0x5000;
const uint32_t layout_timeout_granularity_ns = 10000000;
const uint32_t layout_build_debug = 1;
const uint32_t layout_user_counters = 0;
const struct layout_failure layout_failure = {.on_component_dead = 0, .on_panic = 1};

const struct layout_board layout_board = {
    .name = "qemu-aarch64",
    .console_base = 0x9000000,
    .intc_base = 0x8000000,
    .intc_bytes = 0x10000,
    .intc_core_base = 0x80a0000,
    .intc_core_bytes = 0xf60000,
    .crash_log_offset = 0x0,
    .timer_frequency = 0,
    .clock_base = 0x0,
    .exit_base = 0x0,
    .power_port = 0x0,
    .exit_semihosting = 1,
    .console_component = 0,
};

// --- Memory --------------------------------------------------------------------------------------

const struct layout_region layout_regions[7] = {
    {.name = "asker.stack.main", .offset = 0x1000, .image = NULL, .bytes = 0x1000, .source = MEMORY_RAM, .attribute = ATTRIBUTE_CACHED, .flags = REGION_INITIALISED}, // 0: apps/hello/system.yaml:8
    {.name = "greeter.stack.main", .offset = 0x2000, .image = NULL, .bytes = 0x1000, .source = MEMORY_RAM, .attribute = ATTRIBUTE_CACHED, .flags = REGION_INITIALISED}, // 1: apps/hello/system.yaml:7
    {.name = "asker.text", .offset = 0x0, .image = payload_asker_text, .bytes = 0x1000, .source = MEMORY_IMAGE, .attribute = ATTRIBUTE_CACHED, .flags = 0}, // 2: apps/hello/system.yaml:8
    {.name = "asker.rodata", .offset = 0x0, .image = payload_asker_rodata, .bytes = 0x2000, .source = MEMORY_IMAGE, .attribute = ATTRIBUTE_CACHED, .flags = 0}, // 3: apps/hello/system.yaml:8
    {.name = "asker.data", .offset = 0x3000, .image = NULL, .bytes = 0x1000, .source = MEMORY_RAM, .attribute = ATTRIBUTE_CACHED, .flags = REGION_INITIALISED}, // 4: apps/hello/system.yaml:8
    {.name = "greeter.rodata", .offset = 0x0, .image = payload_greeter_rodata, .bytes = 0x2000, .source = MEMORY_IMAGE, .attribute = ATTRIBUTE_CACHED, .flags = 0}, // 5: apps/hello/system.yaml:7
    {.name = "greeter.data", .offset = 0x4000, .image = NULL, .bytes = 0x1000, .source = MEMORY_RAM, .attribute = ATTRIBUTE_CACHED, .flags = REGION_INITIALISED}, // 6: apps/hello/system.yaml:7
};
const uint32_t layout_region_count = 7;

struct region regions[7] = {
    {.head = {1, CAP_REGION}, .address = 0x201000}, // 0: asker.stack.main
    {.head = {1, CAP_REGION}, .address = 0x201000}, // 1: greeter.stack.main
    {.head = {1, CAP_REGION}, .address = 0x203000}, // 2: asker.text
    {.head = {1, CAP_REGION}, .address = 0x204000}, // 3: asker.rodata
    {.head = {1, CAP_REGION}, .address = 0x206000}, // 4: asker.data
    {.head = {1, CAP_REGION}, .address = 0x204000}, // 5: greeter.rodata
    {.head = {1, CAP_REGION}, .address = 0x206000}, // 6: greeter.data
};

const struct layout_mapping layout_mappings[8] = {
    {.address = 0x201000, .region = 0, .rights = RIGHT_READ | RIGHT_WRITE, .initialise = 1}, // 0: asker stack.main
    {.address = 0x203000, .region = 2, .rights = RIGHT_READ | RIGHT_EXECUTE}, // 1: asker text
    {.address = 0x204000, .region = 3, .rights = RIGHT_READ}, // 2: asker rodata
    {.address = 0x206000, .region = 4, .rights = RIGHT_READ | RIGHT_WRITE, .initialise = 1, .initial_bytes = 4, .initial = payload_asker_data}, // 3: asker data
    {.address = 0x201000, .region = 1, .rights = RIGHT_READ | RIGHT_WRITE, .initialise = 1}, // 4: greeter stack.main
    {.address = 0x203000, .region = 2, .rights = RIGHT_READ | RIGHT_EXECUTE}, // 5: greeter text
    {.address = 0x204000, .region = 5, .rights = RIGHT_READ}, // 6: greeter rodata
    {.address = 0x206000, .region = 6, .rights = RIGHT_READ | RIGHT_WRITE, .initialise = 1, .initial_bytes = 4, .initial = payload_greeter_data}, // 7: greeter data
};

const struct layout_quiesce layout_quiesce[0] = {
};

// --- Objects -------------------------------------------------------------------------------------

struct core cores[1];
struct core_stacks core_stacks[1] __attribute__((aligned(4096), section(".bss.stacks")));
const uint32_t core_count = 1;
const uint64_t layout_core_ids[4] = {0, 1, 2, 3};
const uint32_t layout_core_id_count = 4;

static uint64_t gone_0[1];
struct endpoint endpoints[1] = {
    {.head = {1, CAP_ENDPOINT}, .receiver = &threads[1], .gone = gone_0, .clients = 1}, // 0: greeter.main
};
const uint32_t endpoint_count = 1;

struct notification notifications[2] = {
    {.head = {1, CAP_NOTIFICATION}, .receiver = &threads[0]}, // 0: asker.main
    {.head = {1, CAP_NOTIFICATION}, .receiver = &threads[1]}, // 1: greeter.main
};
const uint32_t notification_count = 2;

struct interrupt interrupts[0] = {
};
const uint32_t interrupt_count = 0;

struct ports ports[0] = {
};
const uint32_t ports_count = 0;

struct timer timers[0] = {
};
const uint32_t timer_count = 0;
// On each core: timers, two scheduling contexts for each component, one spare.
static struct timer *timer_heap_0[5];
struct timer **const layout_timer_heaps[1] = {
    timer_heap_0,
};

struct pool pools[0] = {
};
const uint32_t pool_count = 0;

// --- Threads and components ----------------------------------------------------------------------

const struct layout_thread layout_threads[2] = {
    {.entry = 0x203000, .stack_top = 0x202000, .argument = 0, .priority = 100, .fpu = 0, .receives = NULL, .notification = &notifications[0]}, // 0: asker.main
    {.entry = 0x203000, .stack_top = 0x202000, .argument = 0, .priority = 120, .fpu = 0, .receives = &endpoints[0], .notification = &notifications[1]}, // 1: greeter.main
};
struct thread threads[2] = {
    {.head = {1, CAP_THREAD}, .component = &components[0], .receives = NULL, .notification = &notifications[0]}, // 0: asker.main
    {.head = {1, CAP_THREAD}, .component = &components[1], .receives = &endpoints[0], .notification = &notifications[1]}, // 1: greeter.main
};
const uint32_t thread_count = 2;
struct thread *thread_table[3]; // by id; 0 is nobody, pools fill what is behind the threads above
const uint32_t thread_table_count = 3;

// asker, apps/hello/system.yaml:8
static struct cap caps_0[4] = {
    [1] = {.object = &endpoints[0].head, .generation = 1, .type = CAP_ENDPOINT, .rights = RIGHT_CALL, .timeout = 100, .badge = 0x0}, // calls greeter.greetings; apps/hello/system.yaml:10
    [2] = {.object = &console_object, .generation = 1, .type = CAP_CONSOLE, .rights = RIGHT_CALL, .timeout = 0, .badge = 0x0}, // needs console; apps/hello/components/asker/component.yaml:2
    [3] = {.object = &power_object, .generation = 1, .type = CAP_POWER, .rights = RIGHT_CALL, .timeout = 0, .badge = 0x0}, // needs power; apps/hello/components/asker/component.yaml:2
};
static uint64_t tables_0[3][512] __attribute__((aligned(4096)));

// greeter, apps/hello/system.yaml:7
static struct cap caps_1[2] = {
    [1] = {.object = &console_object, .generation = 1, .type = CAP_CONSOLE, .rights = RIGHT_CALL, .timeout = 0, .badge = 0x0}, // needs console; apps/hello/components/greeter/component.yaml:2
};
static uint64_t tables_1[3][512] __attribute__((aligned(4096)));

struct component components[2] = {
    {.head = {1, CAP_COMPONENT}, .caps = caps_0, .cap_count = 4, .cap_dynamic = 4}, // 0: asker
    {.head = {1, CAP_COMPONENT}, .caps = caps_1, .cap_count = 2, .cap_dynamic = 2}, // 1: greeter
};
const uint32_t component_count = 2;

const struct layout_component layout_components[2] = {
    {
        .name = "asker", // apps/hello/system.yaml:8
        .core = 0, .asid = 1, .autostart = 1, .restartable = 0,
        .thread_first = 0, .thread_count = 1,
        .mapping_first = 0, .mapping_count = 4,
        .quiesce_first = 0, .quiesce_count = 0,
        .interrupt_first = 0, .interrupt_count = 0,
        .timer_first = 0, .timer_count = 0,
        .endpoint_first = 0, .endpoint_count = 0,
        .caps = caps_0, .cap_count = 4, .cap_dynamic = 4,
        .tables = tables_0, .table_count = 3,
        .supervisor = NULL,
        .budget = 0, .period = 0, .reserve = 0,
    },
    {
        .name = "greeter", // apps/hello/system.yaml:7
        .core = 0, .asid = 2, .autostart = 1, .restartable = 0,
        .thread_first = 1, .thread_count = 1,
        .mapping_first = 4, .mapping_count = 4,
        .quiesce_first = 0, .quiesce_count = 0,
        .interrupt_first = 0, .interrupt_count = 0,
        .timer_first = 0, .timer_count = 0,
        .endpoint_first = 0, .endpoint_count = 1,
        .caps = caps_1, .cap_count = 2, .cap_dynamic = 2,
        .tables = tables_1, .table_count = 3,
        .supervisor = NULL,
        .budget = 0, .period = 0, .reserve = 0,
    },
};
