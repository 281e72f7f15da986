// Names for what the tests' layout holds; see layout.c.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/layout.h>
#include <layout_values.h>

#define ARRAY_LENGTH(a) (sizeof(a) / sizeof((a)[0]))

// Components
enum { SUP, DISK, FILES, APP, SHELL, PAGER, GUEST, SPARE, COMPONENTS };

// How many cores, and where each component is at home.
#ifndef CORES
#define CORES 1
#endif
#define CORE_OF(c) \
    (CORES == 1 ? 0 : (c) == DISK || (c) == PAGER ? 1 : (c) == SHELL ? CORES / 2 : (c) == SPARE ? CORES - 1 : 0)

// Threads, and notifications, one each
enum {
    T_SUP,
    T_DISK,
    T_WORKER, // second thread of disk
    T_FILES,
    T_APP,
    T_SHELL,
    T_SHELL2,
    T_PAGER,
    T_GUEST,  // its system calls are reflected to pager
    T_GUEST2, // its faults go to pager
    T_SPARE,
    THREADS
};

enum { E_DISK, E_WORKER, E_FILES, E_APP, E_PAGER, E_SPARE, ENDPOINTS };

// Regions: three for each component (text, data, stack), then
#define REGION_TEXT(c) (3 * (c))
#define REGION_DATA(c) (3 * (c) + 1)
#define REGION_STACK(c) (3 * (c) + 2)
enum { REGION_SHARED = 3 * COMPONENTS, REGION_DMA_RING, REGION_DEVICE, REGION_POOL, REGIONS };

enum { TIMER_SUP, TIMER_SUP2, TIMER_DISK, TIMER_SPARE, TIMERS };
enum { INTERRUPT_LEVEL, INTERRUPT_EDGE, INTERRUPTS };

#define LINE_LEVEL FIRST_LINE
#define LINE_EDGE (FIRST_LINE + 1)
#define PORTS_FIRST 0x3f8
#define PORTS_COUNT 8
#ifndef PORTS_THERE // how many of them the layout has: none where it is for every architecture
#define PORTS_THERE PORTS_COUNT
#endif
#define PORTS_QUIESCED 0x5a // written to port 1 of them when disk ends
#define BIT_LEVEL (1ull << 40)
#define BIT_EDGE (1ull << 41)
#define BIT_TIMER (1ull << 42)
#define BIT_TIMER2 (1ull << 43)

// Slots, the same in every component; what a component does not have is empty there.
enum {
    S_DISK = 1, // endpoint, timeout 3
    S_WORKER,   // endpoint, no timeout
    S_FILES,    // endpoint, timeout 5
    S_APP,      // endpoint, timeout 1
    S_PAGER,    // endpoint, no timeout
    S_SPARE,    // endpoint, timeout 2
    S_DISK_MUTE,   // disk's endpoint without RIGHT_CALL
    S_SIGNAL_SUP,  // notification of sup: bit 16 + own index
    S_SIGNAL_DISK, // notification of disk: bit 32 + own index
    S_SIGNAL_OWN,  // own notification: bit 8
    S_SIGNAL_MUTE, // own notification without RIGHT_CALL
    S_CLOCK,
    S_ENTROPY,
    S_CONSOLE,
    S_POWER, // sup
    S_INSPECT,
    S_SHARED, // region
    S_DMA,    // region with RIGHT_DMA: disk
    S_INTERRUPT, // disk
    S_INTERRUPT2, // disk
    S_TIMER, // sup, disk, spare
    S_TIMER2, // sup
    S_THREAD_GUEST,  // pager: READ, WRITE
    S_THREAD_GUEST2, // pager: READ
    S_THREAD_SHELL,  // pager: READ, WRITE
    S_REVOKE,  // E_REVOCABLE with RIGHT_REVOKE: sup
    S_POOL,    // pager
    S_PORTS,   // disk: READ, WRITE; shell: none; sup: READ
    S_EMPTY,   // empty in all
    S_MUTE_CLOCK, // shell: without any right, as its S_INTERRUPT, S_TIMER, S_POWER, S_THREAD_GUEST
    S_MUTE_ENTROPY,
    S_MUTE_CONSOLE,
    S_MUTE_INSPECT,
    S_COMPONENT_READ,    // sup, shell: disk, RIGHT_READ
    S_COMPONENT_CONTROL, // sup, shell: files, RIGHT_CONTROL
    S_COMPONENT,         // sup: first of COMPONENTS slots with READ and CONTROL; app also with WRITE
    S_DYNAMIC = S_COMPONENT + COMPONENTS + 24, // those in between are empty: a table is more than one step's work
    SLOTS = S_DYNAMIC + 6
};

#define TEXT_ADDRESS 0x200000ull
#define DATA_ADDRESS 0x201000ull
#define DATA_PAGES 3
#define DATA_INITIAL 0x1800 // bytes that the image holds of it
#define STACK_ADDRESS 0x210000ull
#define STACK_PAGES 2
#define STACK_TOP (STACK_ADDRESS + STACK_PAGES * PAGE_SIZE)
#define SHARED_ADDRESS 0x300000ull // disk: rw, files: r
#define DMA_ADDRESS 0x310000ull    // disk
#define DEVICE_ADDRESS 0x320000ull // disk
#define SHARED_OFFSET 0x100000ull  // of RAM
#define DMA_OFFSET 0x102000ull
#define POOL_OFFSET 0x110000ull
#define POOL_PAGES 64
#define POOL_THREADS_MAX 60 // so many that a round over all threads takes two steps
#define DATA_OFFSET(c) (0x10000ull * ((c) + 1))
#define STACK_OFFSET(c) (DATA_OFFSET(c) + DATA_PAGES * PAGE_SIZE)

#define GUEST_BADGE 3  // of its faults
#define GUEST2_BADGE 4

extern const uint8_t test_image[COMPONENTS][PAGE_SIZE];        // texts
extern const uint8_t test_initial[COMPONENTS][2 * PAGE_SIZE]; // initial data
