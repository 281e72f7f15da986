// The fake machine, seen from a test: memory, clock, interrupt lines, device registers, console, and how it ended.
//
// Time stands still unless a test moves it or the kernel sleeps. What a real machine does by itself (interrupts come,
// time passes while the core sleeps) a test does here by functions and hooks. One core runs at a time, from one entry
// into its kernel to the way out; a test says which is next, so it can order what several cores do as it likes.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <arch/core.h>
#include <kernel/object.h>

#include <setjmp.h>

#define HOST_RAM_BASE 0x40000000ull
#define HOST_RAM_BYTES 0x400000ull
#define HOST_DEVICE_BASE 0x09000000ull // physical; every device of a test lies here
#define HOST_DEVICE_BYTES 0x10000ull
#define HOST_DEVICE_WRITES 64
#define HOST_PORTS 0x400
#define HOST_CONSOLE_BYTES 0x4000
#define HOST_TREE 0x1000 // "physical" address of the device tree the fake firmware passes

// Why the kernel did not come back.
enum host_end {
    HOST_RUNS = 0,
    HOST_POWER_OFF,
    HOST_RESET,
    HOST_IDLE, // sleeps, and nothing is armed that could wake it
};

struct host_device_write {
    uint64_t offset; // from HOST_DEVICE_BASE
    uint64_t value;
    unsigned width;
};

struct host {
    nanos_t now, timer;            // timer: next timer interrupt of the core that runs, NEVER: none
    uint64_t memory_bytes;         // what the device tree says there is
    bool raised[ARCH_INTERRUPTS];  // the device asks
    bool enabled[ARCH_INTERRUPTS]; // not masked
    bool edge[ARCH_INTERRUPTS];
    const struct core *target[ARCH_INTERRUPTS]; // whom it interrupts
    struct host_device_write writes[HOST_DEVICE_WRITES];
    unsigned write_count;
    uint8_t ports[HOST_PORTS];     // what was last written to each
    bool has_entropy; // the core has a generator
    uint64_t entropy; // its next word
    char console[HOST_CONSOLE_BYTES];
    unsigned console_length;

    // Hooks. NULL: what is said.
    void (*on_idle)(void); // the core sleeps: passes time or raises a line. NULL: the clock jumps to the timer
    void (*on_poll)(void); // the kernel asks whether an interrupt waits; may raise one. NULL: nothing
    void (*on_timer)(void);            // before the kernel is told of the timer
    void (*on_interrupt)(uint32_t line); // before the kernel is told of a line
    void (*on_leave)(void);              // the kernel is about to go back to user code

    jmp_buf *escape; // where power off, reset and endless sleep go
    enum host_end end;
    uint8_t code; // of HOST_POWER_OFF
};

extern struct host host;

#define HOST_NO_CORE 99 // hardware id of a core that the machine does not have

extern uint8_t host_ram[HOST_RAM_BYTES];

// The fake machine as after power on: memory and devices zero, time 0.
void host_init(void);

// Boots the kernel with the linked layout. Returns the first thread, or NULL when the machine ended.
struct thread *host_boot(void);
// Another core runs from here on; what is said below of "the current thread" is that core's.
void host_switch(struct core *core);
// That core, which the kernel has started, enters it for the first time.
struct thread *host_start_core(struct core *core);

// The current thread does a system call with what is in its frame; then waiting interrupts are taken. Returns the thread
// that runs then, or NULL when the machine ended.
struct thread *host_syscall(uint64_t number);
// The two halves of that, for a test that wants to look in between.
void host_syscall_only(uint64_t number);
struct thread *host_leave(void);
// The current thread faults.
struct thread *host_fault(enum fault_reason reason, uint64_t address, uint64_t detail);
void host_fault_only(enum fault_reason reason, uint64_t address, uint64_t detail);
// Takes what waits: timer and raised lines.
struct thread *host_take_interrupts(void);
// The current thread runs for so long; a timer or budget that ends on the way is handled at its time.
struct thread *host_run_for(nanos_t time);
// A device asks. The interrupt waits until it is taken.
void host_raise(uint32_t line);

// Fills `buffer` with a device tree that names memory and carries a seed. Returns its size.
uint32_t host_tree_build(uint8_t *buffer, uint32_t bytes, uint64_t memory_base, uint64_t memory_bytes,
                         const uint8_t *seed, uint32_t seed_bytes);

NORETURN void host_escape(enum host_end end);
