// The layout: what the builder decided, as constants the kernel boots from.
//
// The builder emits one C file, layout.c, that defines every symbol declared here, compiled against
// the kernel's own headers. `const` objects are the description; the others are the storage of kernel
// objects, sized exactly, zeroed or with the initialisers shown. Object references are pointers
// into these arrays. Boot walks the tables once; restart reads them again.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/board.h>
#include <kernel/object.h>

// Where a mapping's memory comes from.
enum memory_source {
    MEMORY_IMAGE = 0,  // read-only part of the image: `image` points at it
    MEMORY_RAM = 1,    // `offset` bytes after the first byte of free memory (2 MiB aligned, behind the image)
    MEMORY_DEVICE = 2, // physical address `offset`
};

enum memory_attribute { ATTRIBUTE_CACHED = 0, ATTRIBUTE_DEVICE = 1, ATTRIBUTE_DMA = 2 };

#define REGION_PERSISTENT 1 // survives its owner's restart: zeroed at boot only
#define REGION_DMA 2        // a device may write it: never zeroed while the device may run
#define REGION_INITIALISED 4 // by each start of its only user: not zeroed at boot as well

// A region: one physical range. Each segment, stack, shared, DMA or device range is one.
struct layout_region {
    const char *name;
    uint64_t offset;      // see enum memory_source
    const void *image;    // MEMORY_IMAGE: first byte, page aligned
    uint64_t bytes;       // multiple of PAGE_SIZE
    uint8_t source;       // enum memory_source
    uint8_t attribute;    // enum memory_attribute
    uint8_t flags;        // REGION_*
};

// One range mapped in a component when it starts.
struct layout_mapping {
    uint64_t address;     // page aligned
    uint32_t region;      // index into layout_regions
    uint8_t rights;       // RIGHT_READ | RIGHT_WRITE | RIGHT_EXECUTE
    uint8_t initialise;   // 1: put back to `initial` + zeroes at every start of the component
    uint64_t initial_bytes;
    const void *initial;  // in the image; NULL when initial_bytes is 0
};

struct layout_thread {
    uint64_t entry;         // user address
    uint64_t stack_top;     // initial sp, 16-byte aligned
    uint64_t argument;      // first argument of the entry: the thread's index within the component
    uint8_t priority;       // 1 (low) .. 254 (high)
    uint8_t fpu;
    uint8_t reflect;        // its system calls go to `handler`
    struct endpoint *receives;          // where this thread receives, or NULL
    struct notification *notification;  // bound to it; every thread has one
    struct endpoint *handler;           // gets its faults, or NULL: the component becomes FAULTED
    uint32_t handler_badge;
};

// A device write that stops DMA or interrupts before the memory of a dead owner is touched.
struct layout_quiesce {
    uint32_t region; // MEMORY_DEVICE
    uint32_t offset; // bytes into it
    uint32_t width;  // 1, 2, 4 or 8 bytes
    uint64_t value;
    const struct ports *ports; // the write goes there, not to the region; NULL: to the region
};

struct layout_component {
    const char *name;
    uint16_t core;
    uint16_t asid;               // 1.. ; unique
    uint8_t autostart;           // 1: running after boot; 0: STOPPED until its supervisor starts it
    uint8_t restartable;         // 1: callers queue while it is down; 0: once it has ended, calls get PEER_GONE
    uint32_t thread_first, thread_count;     // in threads[] and layout_threads[]
    uint32_t mapping_first, mapping_count;   // in layout_mappings[]
    uint32_t quiesce_first, quiesce_count;   // in layout_quiesce[]
    uint32_t interrupt_first, interrupt_count; // in interrupts[]
    uint32_t timer_first, timer_count;       // in timers[]
    uint32_t endpoint_first, endpoint_count; // in endpoints[]: those its threads receive on
    struct cap *caps;
    uint32_t cap_count;          // slots, with slot 0 and the dynamic ones
    uint32_t cap_dynamic;        // first dynamic slot; == cap_count: none
    uint64_t (*tables)[512];     // page-table pages, the root first
    uint32_t table_count;
    struct notification *supervisor; // told when it ends (fault, exit, stop), or NULL
    uint64_t supervisor_bit;         // mask
    nanos_t budget, period;          // scheduling context of all its threads; 0: no limit
    nanos_t reserve;                 // finishes a call whose caller ran dry, per period
};

struct layout_failure {
    uint8_t on_component_dead; // 0: go on, 1: reset, 2: halt (power off with code 1)
    uint8_t on_panic;          // 1: reset, 2: halt
};

// --- Description (const) ---
extern const char layout_name[];                  // system name
extern const uint64_t layout_hash;                // of layout.json, printed in the banner
extern const uint64_t layout_ram_bytes;           // RAM the regions need behind the image
extern const uint32_t layout_timeout_granularity_ns;
extern const uint32_t layout_user_counters;       // 1: user code may read the cycle counter (benchmarks)
extern const uint32_t layout_build_debug;         // 1: debug build: dump capabilities, verbose faults
extern const struct layout_region layout_regions[];
extern const uint32_t layout_region_count;
extern const struct layout_mapping layout_mappings[];
extern const struct layout_thread layout_threads[];
extern const struct layout_quiesce layout_quiesce[];
extern const struct layout_component layout_components[];
extern const struct layout_failure layout_failure;
extern const struct layout_board layout_board;    // see kernel/board.h

// --- Object storage ---
extern struct core cores[];
extern const uint32_t core_count;
extern const uint64_t layout_core_ids[];          // the board's cores as the hardware calls them; at least core_count
extern const uint32_t layout_core_id_count;
extern struct component components[];
extern const uint32_t component_count;
extern struct thread threads[];
extern const uint32_t thread_count;
extern struct thread *thread_table[];             // by id: [0] is NULL, boot sets [i + 1] = &threads[i]
extern const uint32_t thread_table_count;         // 1 + thread_count + threads that pools may create
extern struct endpoint endpoints[];
extern const uint32_t endpoint_count;
extern struct notification notifications[];
extern const uint32_t notification_count;
extern struct region regions[];                   // [i] belongs to layout_regions[i]
extern struct interrupt interrupts[];
extern const uint32_t interrupt_count;
extern struct ports ports[];
extern const uint32_t ports_count;
extern struct timer timers[];
extern const uint32_t timer_count;
extern struct pool pools[];
extern const uint32_t pool_count;
extern struct timer **const layout_timer_heaps[]; // storage of each core's heap: its timers + scheduling contexts

#include <vm/guest.h> // kernel/vm/include, or kernel/vm/none: the build chooses
