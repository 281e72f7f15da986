// A system for the host tests: a supervisor, a driver with two threads, a server, two clients of equal priority, a fault
// handler with its guest, and a component that is not started. Every kind of object and right is in it.
// Compile with -DON_COMPONENT_DEAD=1 or 2 for other failure policies, with -DCORES=2 or 4 for several cores.
// SPDX-License-Identifier: BSD-2-Clause
#include "layout.h"

#include <kernel/stacks.h>

#ifndef ON_COMPONENT_DEAD
#define ON_COMPONENT_DEAD 0
#endif

const char layout_name[] = "host tests";
const uint64_t layout_hash = 0x1234;
const uint64_t layout_ram_bytes = 0x200000;
const uint32_t layout_timeout_granularity_ns = GRANULE;
const uint32_t layout_user_counters = 0;
const uint32_t layout_build_debug = 1;
const struct layout_failure layout_failure = {.on_component_dead = ON_COMPONENT_DEAD, .on_panic = 2};
const struct layout_board layout_board = BOARD;

// --- Memory ----------------------------------------------------------------------------------

#define BYTES16(n) n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n + 7, n + 8, n + 9, n + 10, n + 11, n + 12, n + 13, n + 14, n + 15
#define BYTES256(n) \
    BYTES16(n), BYTES16(n + 3), BYTES16(n + 7), BYTES16(n + 12), BYTES16(n + 18), BYTES16(n + 25), BYTES16(n + 33), \
        BYTES16(n + 42), BYTES16(n + 52), BYTES16(n + 63), BYTES16(n + 75), BYTES16(n + 88), BYTES16(n + 102), \
        BYTES16(n + 117), BYTES16(n + 133), BYTES16(n + 150)
#define INITIAL(n) {BYTES256(n), [PAGE_SIZE] = BYTES256(n + 50)}

const uint8_t test_image[COMPONENTS][PAGE_SIZE] __attribute__((aligned(4096))) = {
    {BYTES256(1)}, {BYTES256(2)}, {BYTES256(3)}, {BYTES256(4)}, {BYTES256(5)}, {BYTES256(6)}, {BYTES256(7)}, {BYTES256(8)}};
const uint8_t test_initial[COMPONENTS][2 * PAGE_SIZE] = {INITIAL(10), INITIAL(11), INITIAL(12), INITIAL(13),
                                                         INITIAL(14), INITIAL(15), INITIAL(16), INITIAL(17)};

#define REGIONS_OF(c) \
    [REGION_TEXT(c)] = {.name = "text", .source = MEMORY_IMAGE, .image = test_image[c], .bytes = PAGE_SIZE}, \
    [REGION_DATA(c)] = {.name = "data", .source = MEMORY_RAM, .offset = DATA_OFFSET(c), .bytes = DATA_PAGES * PAGE_SIZE, .flags = REGION_INITIALISED}, \
    [REGION_STACK(c)] = {.name = "stack", .source = MEMORY_RAM, .offset = STACK_OFFSET(c), .bytes = STACK_PAGES * PAGE_SIZE, .flags = REGION_INITIALISED}

const struct layout_region layout_regions[REGIONS + MORE_REGION_COUNT] = {
    REGIONS_OF(SUP), REGIONS_OF(DISK), REGIONS_OF(FILES), REGIONS_OF(APP),
    REGIONS_OF(SHELL), REGIONS_OF(PAGER), REGIONS_OF(GUEST), REGIONS_OF(SPARE),
    [REGION_SHARED] = {.name = "shared", .source = MEMORY_RAM, .offset = SHARED_OFFSET, .bytes = PAGE_SIZE, .flags = REGION_PERSISTENT},
    [REGION_DMA_RING] = {.name = "ring", .source = MEMORY_RAM, .offset = DMA_OFFSET, .bytes = PAGE_SIZE, .attribute = ATTRIBUTE_DMA, .flags = REGION_DMA},
    [REGION_DEVICE] = {.name = "device", .source = MEMORY_DEVICE, .offset = DEVICE_BASE, .bytes = PAGE_SIZE, .attribute = ATTRIBUTE_DEVICE},
    [REGION_POOL] = {.name = "pool", .source = MEMORY_RAM, .offset = POOL_OFFSET, .bytes = POOL_PAGES * PAGE_SIZE},
    MORE_REGIONS
};
const uint32_t layout_region_count = REGIONS + MORE_REGION_COUNT;

#define REGION_OBJECTS(c) \
    [REGION_TEXT(c)] = {.head = {1, CAP_REGION}, .address = TEXT_ADDRESS}, \
    [REGION_DATA(c)] = {.head = {1, CAP_REGION}, .address = DATA_ADDRESS}, \
    [REGION_STACK(c)] = {.head = {1, CAP_REGION}, .address = STACK_ADDRESS}

struct region regions[REGIONS + MORE_REGION_COUNT] = {
    REGION_OBJECTS(SUP), REGION_OBJECTS(DISK), REGION_OBJECTS(FILES), REGION_OBJECTS(APP),
    REGION_OBJECTS(SHELL), REGION_OBJECTS(PAGER), REGION_OBJECTS(GUEST), REGION_OBJECTS(SPARE),
    [REGION_SHARED] = {.head = {1, CAP_REGION}, .address = SHARED_ADDRESS},
    [REGION_DMA_RING] = {.head = {1, CAP_REGION}, .address = DMA_ADDRESS},
    [REGION_DEVICE] = {.head = {1, CAP_REGION}, .address = DEVICE_ADDRESS},
    [REGION_POOL] = {.head = {1, CAP_REGION}},
    MORE_REGION_OBJECTS
};

#define MAPPINGS_OF(c) \
    {.address = TEXT_ADDRESS, .region = REGION_TEXT(c), .rights = RIGHT_READ | RIGHT_EXECUTE}, \
    {.address = DATA_ADDRESS, .region = REGION_DATA(c), .rights = RIGHT_READ | RIGHT_WRITE, .initialise = 1, \
     .initial_bytes = DATA_INITIAL, .initial = test_initial[c]}, \
    {.address = STACK_ADDRESS, .region = REGION_STACK(c), .rights = RIGHT_READ | RIGHT_WRITE, .initialise = 1} MORE_MAPPINGS

const struct layout_mapping layout_mappings[] = {
    MAPPINGS_OF(SUP),
    MAPPINGS_OF(DISK),
    {.address = SHARED_ADDRESS, .region = REGION_SHARED, .rights = RIGHT_READ | RIGHT_WRITE},
    {.address = DMA_ADDRESS, .region = REGION_DMA_RING, .rights = RIGHT_READ | RIGHT_WRITE},
    {.address = DEVICE_ADDRESS, .region = REGION_DEVICE, .rights = RIGHT_READ | RIGHT_WRITE},
    MAPPINGS_OF(FILES),
    {.address = SHARED_ADDRESS, .region = REGION_SHARED, .rights = RIGHT_READ},
    MAPPINGS_OF(APP), MAPPINGS_OF(SHELL), MAPPINGS_OF(PAGER), MAPPINGS_OF(GUEST), MAPPINGS_OF(SPARE),
};

const struct layout_quiesce layout_quiesce[] = {
    {.region = REGION_DEVICE, .offset = 0x70, .width = 4, .value = 0},
    {.region = REGION_DEVICE, .offset = 0x10, .width = 2, .value = 0xbeef},
    {.ports = &ports[0], .offset = 1, .width = 1, .value = PORTS_QUIESCED},
};

// --- Objects ---------------------------------------------------------------------------------

struct core cores[CORES];
struct core_stacks core_stacks[CORES] __attribute__((aligned(PAGE_SIZE)));
const uint32_t core_count = CORES;
const uint64_t layout_core_ids[] = {0, 1, 2, 3};
const uint32_t layout_core_id_count = 4;

static uint64_t gone_words[ENDPOINTS][2];

#define ENDPOINT(e, t, n) [e] = {.head = {1, CAP_ENDPOINT}, .receiver = &threads[t], .gone = gone_words[e], .clients = n}

struct endpoint endpoints[ENDPOINTS] = {ENDPOINT(E_DISK, T_DISK, 70), ENDPOINT(E_WORKER, T_WORKER, 8),
                                        ENDPOINT(E_FILES, T_FILES, 8), ENDPOINT(E_APP, T_APP, 8),
                                        ENDPOINT(E_PAGER, T_PAGER, 8), ENDPOINT(E_SPARE, T_SPARE, 8)};
const uint32_t endpoint_count = ENDPOINTS;

#define NOTIFICATION(t) [t] = {.head = {1, CAP_NOTIFICATION}, .receiver = &threads[t]}

struct notification notifications[THREADS] = {
    NOTIFICATION(T_SUP), NOTIFICATION(T_DISK), NOTIFICATION(T_WORKER), NOTIFICATION(T_FILES),
    NOTIFICATION(T_APP), NOTIFICATION(T_SHELL), NOTIFICATION(T_SHELL2), NOTIFICATION(T_PAGER),
    NOTIFICATION(T_GUEST), NOTIFICATION(T_GUEST2), NOTIFICATION(T_SPARE)};
const uint32_t notification_count = THREADS;

struct interrupt interrupts[INTERRUPTS] = {
    {.head = {1, CAP_INTERRUPT}, .intid = LINE_LEVEL, .notification = &notifications[T_DISK], .bits = BIT_LEVEL},
    {.head = {1, CAP_INTERRUPT}, .intid = LINE_EDGE, .edge = 1, .notification = &notifications[T_DISK], .bits = BIT_EDGE},
};
const uint32_t interrupt_count = INTERRUPTS;

struct ports ports[1] = {{.head = {1, CAP_PORTS}, .first = PORTS_FIRST, .count = PORTS_THERE}};
const uint32_t ports_count = 1;

#define TIMER(i, t, b) [i] = {.head = {1, CAP_TIMER}, .notification = &notifications[t], .bits = b}

struct timer timers[TIMERS] = {TIMER(TIMER_SUP, T_SUP, BIT_TIMER), TIMER(TIMER_SUP2, T_SUP, BIT_TIMER2),
                               TIMER(TIMER_DISK, T_DISK, BIT_TIMER), TIMER(TIMER_SPARE, T_SPARE, BIT_TIMER)};
const uint32_t timer_count = TIMERS;
static struct timer *timer_heap[CORES][TIMERS + 2 * COMPONENTS + 1];
struct timer **const layout_timer_heaps[] = {timer_heap[0], timer_heap[CORES > 1 ? 1 : 0], timer_heap[CORES / 2], timer_heap[CORES - 1]};

static uint8_t pool_kinds[POOL_PAGES];
static uint16_t pool_asids[POOL_PAGES];

struct pool pools[1] = {{.head = {1, CAP_POOL}, .owner = &components[PAGER], .region = &regions[REGION_POOL],
                         .pages = POOL_PAGES, .kinds = pool_kinds, .asids = pool_asids,
                         .thread_first = 1 + THREADS, .threads = POOL_THREADS_MAX}};
const uint32_t pool_count = 1;

// --- Threads ---------------------------------------------------------------------------------

#define DESCRIBED(t, n, p, ...) \
    [t] = {.entry = ENTRY_ADDRESS, .stack_top = STACK_TOP, .argument = n, .priority = p, .notification = &notifications[t], __VA_ARGS__}

const struct layout_thread layout_threads[THREADS] = {
    DESCRIBED(T_SUP, 0, 200),
    DESCRIBED(T_DISK, 0, 180, .receives = &endpoints[E_DISK]),
    DESCRIBED(T_WORKER, 1, 175, .receives = &endpoints[E_WORKER]),
    DESCRIBED(T_FILES, 0, 150, .receives = &endpoints[E_FILES]),
    DESCRIBED(T_APP, 0, 100, .receives = &endpoints[E_APP]),
    DESCRIBED(T_SHELL, 0, 100),
    DESCRIBED(T_SHELL2, 1, 100),
    DESCRIBED(T_PAGER, 0, 190, .receives = &endpoints[E_PAGER]),
    DESCRIBED(T_GUEST, 0, 90, .reflect = 1, .handler = &endpoints[E_PAGER], .handler_badge = GUEST_BADGE),
    DESCRIBED(T_GUEST2, 1, 90, .handler = &endpoints[E_PAGER], .handler_badge = GUEST2_BADGE),
    DESCRIBED(T_SPARE, 0, 80, .receives = &endpoints[E_SPARE]),
};

static struct arch_fpu fpu_storage[2];

#define THREAD(t, c, ...) [t] = {.head = {1, CAP_THREAD}, .component = &components[c], .notification = &notifications[t], __VA_ARGS__}

struct thread threads[THREADS] = {
    THREAD(T_SUP, SUP),
    THREAD(T_DISK, DISK, .receives = &endpoints[E_DISK]),
    THREAD(T_WORKER, DISK, .receives = &endpoints[E_WORKER]),
    THREAD(T_FILES, FILES, .receives = &endpoints[E_FILES]),
    THREAD(T_APP, APP, .receives = &endpoints[E_APP], .fpu = &fpu_storage[0]),
    THREAD(T_SHELL, SHELL, .fpu = &fpu_storage[1]),
    THREAD(T_SHELL2, SHELL),
    THREAD(T_PAGER, PAGER, .receives = &endpoints[E_PAGER]),
    THREAD(T_GUEST, GUEST),
    THREAD(T_GUEST2, GUEST),
    THREAD(T_SPARE, SPARE, .receives = &endpoints[E_SPARE]),
};
const uint32_t thread_count = THREADS;
struct thread *thread_table[1 + THREADS + POOL_THREADS_MAX];
const uint32_t thread_table_count = 1 + THREADS + POOL_THREADS_MAX;

// --- Components ------------------------------------------------------------------------------

#define CAP(t, o, r, b, out) {.object = &(o).head, .generation = 1, .type = t, .rights = r, .badge = b, .timeout = out}
#define SINGLETON(t, o) {.object = &o, .generation = 1, .type = t, .rights = RIGHT_CALL}
#define MUTE(t, o) {.object = &o, .generation = 1, .type = t}
#define CONTROLLED(c, more) \
    [S_COMPONENT + (c)] = CAP(CAP_COMPONENT, components[c], RIGHT_READ | RIGHT_CONTROL | (more), 0, 0)

#define REACH(c, target) (CORE_OF(c) == CORE_OF(target) ? RIGHT_CALL : RIGHT_CALL_ACROSS)

#define COMMON(c, first_thread) \
    COMMON_MORE \
    [S_DISK] = CAP(CAP_ENDPOINT, endpoints[E_DISK], REACH(c, DISK) | RIGHT_GRANT, (c) == GUEST ? 66 : (c), 3), \
    [S_WORKER] = CAP(CAP_ENDPOINT, endpoints[E_WORKER], REACH(c, DISK), c, 0), \
    [S_FILES] = CAP(CAP_ENDPOINT, endpoints[E_FILES], REACH(c, FILES) | RIGHT_GRANT, c, 5), \
    [S_APP] = CAP(CAP_ENDPOINT, endpoints[E_APP], REACH(c, APP), c, 1), \
    [S_PAGER] = CAP(CAP_ENDPOINT, endpoints[E_PAGER], REACH(c, PAGER), c, 0), \
    [S_SPARE] = CAP(CAP_ENDPOINT, endpoints[E_SPARE], REACH(c, SPARE), c, 2), \
    [S_DISK_MUTE] = CAP(CAP_ENDPOINT, endpoints[E_DISK], RIGHT_GRANT, c, 0), \
    [S_SIGNAL_SUP] = CAP(CAP_NOTIFICATION, notifications[T_SUP], REACH(c, SUP) | RIGHT_GRANT, 1ull << (16 + (c)), 0), \
    [S_SIGNAL_DISK] = CAP(CAP_NOTIFICATION, notifications[T_DISK], REACH(c, DISK), 1ull << (32 + (c)), 0), \
    [S_SIGNAL_OWN] = CAP(CAP_NOTIFICATION, notifications[first_thread], RIGHT_CALL | RIGHT_GRANT, 1ull << 8, 0), \
    [S_SIGNAL_MUTE] = CAP(CAP_NOTIFICATION, notifications[first_thread], RIGHT_GRANT, 1ull << 9, 0), \
    [S_CLOCK] = SINGLETON(CAP_CLOCK, clock_object), \
    [S_ENTROPY] = SINGLETON(CAP_ENTROPY, entropy_object), \
    [S_CONSOLE] = SINGLETON(CAP_CONSOLE, console_object), \
    [S_INSPECT] = SINGLETON(CAP_INSPECT, inspect_object), \
    [S_SHARED] = CAP(CAP_REGION, regions[REGION_SHARED], RIGHT_READ, 0, 0)

#define OBSERVER \
    [S_COMPONENT_READ] = CAP(CAP_COMPONENT, components[DISK], RIGHT_READ, 0, 0), \
    [S_COMPONENT_CONTROL] = CAP(CAP_COMPONENT, components[FILES], RIGHT_CONTROL, 0, 0)

static struct cap caps[COMPONENTS][SLOTS] = {
    [SUP] = {COMMON(SUP, T_SUP), OBSERVER,
             [S_POWER] = SINGLETON(CAP_POWER, power_object),
             [S_PORTS] = CAP(CAP_PORTS, ports[0], RIGHT_READ, 0, 0),
             [S_TIMER] = CAP(CAP_TIMER, timers[TIMER_SUP], RIGHT_CALL, 0, 0),
             [S_TIMER2] = CAP(CAP_TIMER, timers[TIMER_SUP2], RIGHT_CALL, 0, 0),
             [S_REVOKE] = CAP(CAP_ENDPOINT, endpoints[E_REVOCABLE], REACH(SUP, SPARE) | RIGHT_REVOKE, 0, 0),
             CONTROLLED(SUP, 0), CONTROLLED(DISK, 0), CONTROLLED(FILES, 0), CONTROLLED(APP, RIGHT_WRITE),
             CONTROLLED(SHELL, 0),
             CONTROLLED(PAGER, 0), CONTROLLED(GUEST, 0), CONTROLLED(SPARE, 0)},
    [DISK] = {COMMON(DISK, T_DISK),
              [S_DMA] = CAP(CAP_REGION, regions[REGION_DMA_RING], RIGHT_READ | RIGHT_WRITE | RIGHT_DMA, 0, 0),
              [S_PORTS] = CAP(CAP_PORTS, ports[0], RIGHT_READ | RIGHT_WRITE, 0, 0),
              [S_INTERRUPT] = CAP(CAP_INTERRUPT, interrupts[INTERRUPT_LEVEL], RIGHT_CALL, 0, 0),
              [S_INTERRUPT2] = CAP(CAP_INTERRUPT, interrupts[INTERRUPT_EDGE], RIGHT_CALL, 0, 0),
              [S_TIMER] = CAP(CAP_TIMER, timers[TIMER_DISK], RIGHT_CALL, 0, 0)},
    [FILES] = {COMMON(FILES, T_FILES)},
    [APP] = {COMMON(APP, T_APP)},
    [SHELL] = {COMMON(SHELL, T_SHELL), OBSERVER,
               [S_INTERRUPT] = CAP(CAP_INTERRUPT, interrupts[INTERRUPT_LEVEL], 0, 0, 0),
               [S_TIMER] = CAP(CAP_TIMER, timers[TIMER_SUP], 0, 0, 0),
               [S_POWER] = MUTE(CAP_POWER, power_object),
               [S_PORTS] = CAP(CAP_PORTS, ports[0], 0, 0, 0),
               [S_THREAD_GUEST] = CAP(CAP_THREAD, threads[T_GUEST], 0, 0, 0),
               [S_MUTE_CLOCK] = MUTE(CAP_CLOCK, clock_object),
               [S_MUTE_ENTROPY] = MUTE(CAP_ENTROPY, entropy_object),
               [S_MUTE_CONSOLE] = MUTE(CAP_CONSOLE, console_object),
               [S_MUTE_INSPECT] = MUTE(CAP_INSPECT, inspect_object)},
    [PAGER] = {COMMON(PAGER, T_PAGER),
               [S_THREAD_GUEST] = CAP(CAP_THREAD, threads[T_GUEST], RIGHT_READ | RIGHT_WRITE, 0, 0),
               [S_THREAD_GUEST2] = CAP(CAP_THREAD, threads[T_GUEST2], RIGHT_READ, 0, 0),
               [S_THREAD_SHELL] = CAP(CAP_THREAD, threads[T_SHELL], RIGHT_READ | RIGHT_WRITE, 0, 0),
               [S_POOL] = CAP(CAP_POOL, pools[0], RIGHT_CALL, 0, 0)},
    [GUEST] = {COMMON(GUEST, T_GUEST)},
    [SPARE] = {COMMON(SPARE, T_SPARE), SPARE_MORE [S_TIMER] = CAP(CAP_TIMER, timers[TIMER_SPARE], RIGHT_CALL, 0, 0)},
};

static uint64_t tables[COMPONENTS][TABLES][512] __attribute__((aligned(4096)));

#define COMPONENT(c, ...) [c] = {.head = {1, CAP_COMPONENT}, .caps = caps[c], .cap_count = SLOTS, .cap_dynamic = S_DYNAMIC, __VA_ARGS__}

struct component components[COMPONENTS] = {
    COMPONENT(SUP), COMPONENT(DISK), COMPONENT(FILES), COMPONENT(APP),
    COMPONENT(SHELL), COMPONENT(PAGER, .pool = &pools[0]), COMPONENT(GUEST), COMPONENT(SPARE)};
const uint32_t component_count = COMPONENTS;

#define SUPERVISED(c) .supervisor = &notifications[T_SUP], .supervisor_bit = 1ull << (c)

// Mappings stand in the order of the components: OWN each, disk has three more, files one.
#define OWN (3 + MORE_MAPPING_COUNT)
#define DESCRIBE(c, title, first_thread, n, first_mapping, mappings, ...) \
    [c] = {.name = title, .core = CORE_OF(c), .asid = (c) + 1, .thread_first = first_thread, .thread_count = n, \
           .mapping_first = first_mapping, .mapping_count = mappings, .caps = caps[c], .cap_count = SLOTS, \
           .cap_dynamic = S_DYNAMIC, .tables = tables[c], .table_count = TABLES, __VA_ARGS__}

const struct layout_component layout_components[COMPONENTS] = {
    DESCRIBE(SUP, "sup", T_SUP, 1, 0, OWN, .autostart = 1, .timer_first = TIMER_SUP, .timer_count = 2),
    DESCRIBE(DISK, "disk", T_DISK, 2, 1 * OWN, OWN + 3, .autostart = 1, .restartable = 1, SUPERVISED(DISK), .quiesce_count = PORTS_THERE ? 3 : 2,
             .interrupt_count = INTERRUPTS, .timer_first = TIMER_DISK, .timer_count = 1, .endpoint_first = E_DISK,
             .endpoint_count = 2, .reserve = DISK_RESERVE),
    DESCRIBE(FILES, "files", T_FILES, 1, 2 * OWN + 3, OWN + 1, .autostart = 1, .restartable = 1, SUPERVISED(FILES),
             .endpoint_first = E_FILES, .endpoint_count = 1, .budget = FILES_BUDGET, .period = FILES_PERIOD,
             .reserve = FILES_RESERVE),
    DESCRIBE(APP, "app", T_APP, 1, 3 * OWN + 4, OWN, .autostart = 1, SUPERVISED(APP), .endpoint_first = E_APP, .endpoint_count = 1,
             .budget = APP_BUDGET, .period = APP_PERIOD),
    DESCRIBE(SHELL, "shell", T_SHELL, 2, 4 * OWN + 4, OWN, .autostart = 1, .restartable = 1, SUPERVISED(SHELL),
             .budget = SHELL_BUDGET, .period = SHELL_PERIOD),
    DESCRIBE(PAGER, "pager", T_PAGER, 1, 5 * OWN + 4, OWN, .autostart = 1, .restartable = 1, SUPERVISED(PAGER),
             .endpoint_first = E_PAGER, .endpoint_count = 1),
    DESCRIBE(GUEST, "guest", T_GUEST, 2, 6 * OWN + 4, OWN, .autostart = 1, .restartable = 1, SUPERVISED(GUEST)),
    DESCRIBE(SPARE, "spare", T_SPARE, 1, 7 * OWN + 4, OWN, .autostart = SPARE_STARTS, .restartable = 1, SUPERVISED(SPARE), .timer_first = TIMER_SPARE,
             .timer_count = 1, .endpoint_first = E_SPARE, .endpoint_count = 1, .budget = SPARE_BUDGET,
             .period = SPARE_PERIOD),
};
