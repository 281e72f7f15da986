// The kernel objects and the capabilities that name them.
//
// All storage is static and sized by the layout, or comes from a pool's pages; nothing here is ever
// allocated from a heap. An object belongs to one home core, on which all its mutable fields are touched;
// there are no locks. What another core wants comes by mail (sched/mailbox.c), and a thread that calls there goes there
// (sched/travel.c). Fields marked "layout" are set by the builder's initialisers and not changed after boot.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <abi/report.h>
#include <arch/core.h>
#include <arch/frame.h>
#include <arch/mmu.h>
#include <kernel/base.h>

struct layout_component;
struct layout_region;
struct layout_thread;

// Head of every object a capability can name. A capability is valid while generations agree.
struct kobject {
    uint32_t generation; // layout: 1; revoking adds 1
    uint8_t type;        // layout: enum cap_type
};

struct cap {
    struct kobject *object; // layout; NULL: empty slot
    uint32_t generation;    // layout: 1
    uint8_t type;           // layout: enum cap_type, equal to object->type
    uint8_t rights;         // layout: RIGHT_*
    uint16_t timeout;       // layout, endpoint: call timeout in granules; 0: none
    uint64_t badge;         // layout, endpoint: client index; notification: the bits it signals
    uint64_t unused;
};
_Static_assert(sizeof(struct cap) == 32, "a slot is addressed by a shift");

// The singletons: the capability is the permission, there is no state behind it.
extern struct kobject clock_object, entropy_object, console_object, power_object, inspect_object;

// What one core sends another: part of the object it is about, so that sending needs no memory.
enum mail_kind {
    MAIL_THREAD, // a thread goes to where it calls, or comes home
    MAIL_SIGNAL, // bits for a notification
    MAIL_COMPONENT, // a component passes every core, as its end needs
};

struct mail {
    struct mail *next;
    uint8_t kind; // enum mail_kind
};

// A doubly linked list of threads through `link`; a thread is on at most one.
struct thread_list {
    struct thread *first, *last;
};

struct timer {
    struct kobject head;                // layout
    struct notification *notification;  // layout; NULL for the kernel's own
    uint64_t bits;                      // layout
    nanos_t deadline;
    uint32_t heap_index;                // position in the core's heap + 1; 0: not armed
    struct sched_context *sched_context; // the kernel's own: replenish this
};

// A budget of processor time per period. No budget: never runs out.
struct sched_context {
    nanos_t budget, period; // 0: no limit
    int64_t remaining;      // ns; below 0: overrun, paid from the next periods
    nanos_t run_time;       // total ns charged
    struct timer replenish;
    struct thread_list parked; // ready threads that wait for the replenishment
};

enum thread_state {
    THREAD_INACTIVE = 0,  // its component is not running
    THREAD_READY = 1,     // runs, is in a ready queue, or is parked at its scheduling context
    THREAD_AWAY = 2,      // on its way from one core to another
    THREAD_CALLING = 3,   // in an endpoint's queue
    THREAD_AWAITING = 4,  // its message was received; waits for the reply
    THREAD_RECEIVING = 5, // in REPLY_WAIT; the highest, since the fast paths compare state and priority as one number
};

// Why a call cannot end by a switch to its caller. 0: it can.
#define CALL_FAULT 1   // it is a fault message
#define CALL_FOREIGN 2 // the caller is at home on another core
#define CALL_LENT_ON 4 // what it lent was lent on to another core

// Why a thread is on its way.
enum errand {
    ERRAND_CALL,    // to an endpoint
    ERRAND_CONTROL, // to a component that it controls
    ERRAND_STATE,   // to a component whose state it asks for
    ERRAND_ROUND,   // past every core and back: none is in the middle of a copy afterwards that began before it left
    ERRAND_RETURN,  // home
    ERRAND_FAIL,    // home, where its component fails by its fault
};

struct lend {
    uint64_t address; // the lender's, or an offset into the outer lend
    uint64_t bytes;   // with LEND_* flags
    uint64_t outer;   // LEND_BORROWED: token of the outer call
};

struct thread {
    struct arch_frame frame; // must be first: the entry code saves through sp_el1 / sscratch

    // What the fast paths of entry.S touch (offsets in registers.h). A thread that has to take the long way, because
    // its calls are reflected or the FPU is open to it, has cap_limit 0.
    struct cap *caps;
    uint64_t cap_limit;
    bool arrived;            // something may wait for its next receive: bits, a caller, a client that is gone
    uint8_t priority;        // of a thread that runs or waits, `call` is 0: the four bytes order those that wait ...
    uint8_t call;            // CALL_*: of the call it is in
    uint8_t state;           // enum thread_state ... above all others, by priority
    uint16_t id;             // index in thread_table
    bool queued;             // in a ready queue or parked
    bool reflect;            // its system calls go to `handler`
    uint64_t token;          // of its present or last call: call number, id
    struct component *server; // AWAITING: whose threads may reply
    struct component *component;         // layout
    struct sched_context *sched_context; // the one that pays now: its own, or its caller's
    struct sched_context *charge;        // on reserve: the caller's context, which pays as well
    uint32_t timeout;         // granules left of its call; 0: none
    uint8_t lends;            // of its call; 0 while it is in none. One store ends both, with the padding behind it
    struct lend lend[LENDS_MAX];

    struct kobject head;      // layout: CAP_THREAD
    struct core *core;        // where it is: at home, or where it calls; NULL: on its way
    struct thread *link_next, *link_previous;
    struct sched_context *parked_on; // out of budget: in this context's list

    // As a caller
    struct endpoint *peer;    // CALLING: endpoint it is queued at
    uint64_t badge;           // of the capability it called through

    // On other cores
    struct mail mail;
    uint8_t errand;           // enum errand
    uint16_t hops;            // ERRAND_ROUND: cores left to pass
    uint64_t unmaps;          // ERRAND_ROUND: those of the core where it began, then
    struct component *visits; // ERRAND_CONTROL, ERRAND_STATE; else NULL
    struct cap carried;       // the capability that travels in its message; no object: none

    // As a receiver
    struct endpoint *receives;         // layout
    struct notification *notification; // layout

    // Faults
    struct endpoint *handler; // NULL: its faults end the component
    uint32_t handler_badge;
    uint8_t fault_reason;
    uint64_t fault_address, fault_detail;

    // How it starts
    uint64_t entry, stack, argument;
    struct thread *sibling;   // next thread of the component

    struct arch_fpu *fpu;     // layout: storage for the registers of a thread with `fpu: true`, else NULL
};

struct endpoint {
    struct kobject head;      // layout: CAP_ENDPOINT
    struct thread *receiver;  // layout
    struct thread_list queue; // callers, oldest first
    uint64_t *gone;           // layout: one bit per client index, (clients + 63) / 64 words
    uint32_t clients;         // layout
    uint32_t gone_count;      // bits set in `gone`
};

struct notification {
    struct kobject head;     // layout: CAP_NOTIFICATION
    struct thread *receiver; // layout
    uint64_t pending;
    uint64_t sent;   // atomic: bits from other cores, not yet in `pending`
    uint32_t posted; // atomic: 1: `mail` is under way
    struct mail mail;
};

struct region {
    struct kobject head; // layout: CAP_REGION
    paddr_t base;        // set at boot from layout_regions
    uint64_t bytes;
    uint64_t address;    // layout: where its (first) owner has it mapped; what REGION_INFO tells
    uint8_t attribute;   // enum memory_attribute
    struct pool *pool;   // the pool it was made from, or NULL
    uint64_t unmapped;   // the last of its unmaps that other cores may not have noticed, by the core's count
    void *device;        // kernel's own mapping, for quiesce writes; else NULL
};

struct interrupt {
    struct kobject head;               // layout: CAP_INTERRUPT
    uint32_t intid;                    // layout
    uint8_t edge;                      // layout: 1 edge, 0 level
    struct notification *notification; // layout
    uint64_t bits;                     // layout
};

struct ports {
    struct kobject head; // layout: CAP_PORTS
    uint16_t first;      // layout
    uint32_t count;      // layout; first + count is at most 65536
};

// Progress of an end or a restart, so that it can go on after an interruption.
enum component_step {
    STEP_NONE,
    STEP_CALLERS, // ending: callers in service get PEER_DIED
    STEP_ABROAD,  // ending: goes from core to core; its threads there come home, its servers there learn that it is gone
    STEP_GATHER,  // ending: back home, waits for the last of its threads
    STEP_CAPS,    // ending: its servers learn that it is gone, dynamic slots are emptied
    STEP_POOL,    // ending: the components it made end
    STEP_RESET,   // restarting: what it made at run time goes
    STEP_MEMORY,  // restarting: memory goes back to the image state
};

// Where a walk found a user page: for what runs on its component's home core, until something is unmapped.
struct user_page {
    uint64_t number; // of the page; UINT64_MAX: none
    uint64_t bias;   // kernel's address - user's
};

struct component {
    struct kobject head;  // layout: CAP_COMPONENT
    struct vspace vspace;
    struct sched_context *account; // what its threads run on: its own context, or its maker's
    struct core *core;    // home
    uint8_t state;        // enum component_state
    bool ready;
    uint8_t fault_reason;
    uint64_t fault_address, fault_pc, fault_frame;
    uint64_t generation;
    struct cap *caps;     // layout
    uint32_t cap_count;   // layout
    uint32_t cap_dynamic; // layout
    struct sched_context sched_context, reserve;
    struct thread *threads; // linked by `sibling`
    struct pool *pool;    // layout: the pool it holds, else the one it was made from, else NULL
    struct notification *watcher; // told when it ends (fault, exit, stop), or NULL
    uint64_t watch_bits;
    uint8_t step;         // enum component_step
    uint32_t step_index;
    uint64_t step_offset;
    struct component *next_ending;
    struct user_page found[2]; // the last for RIGHT_READ, for RIGHT_WRITE
    uint32_t abroad;      // its threads that are not at home, or lent what was lent on to another core
    struct mail mail;
    const struct layout_component *layout;
};

// What a page of a pool is used for. A page that held objects keeps its type for ever, so a stale capability
// always finds an object of its type, with another generation.
enum pool_page { POOL_FREE, POOL_DATA, POOL_TABLE, POOL_CAPS, POOL_REGIONS, POOL_THREADS, POOL_COMPONENTS };

struct pool {
    struct kobject head;     // layout: CAP_POOL
    struct component *owner; // layout
    struct region *region;   // layout: its pages, zero while they are free
    uint32_t pages;          // layout
    uint8_t *kinds;          // layout: enum pool_page, one a page
    uint16_t *asids;         // layout: whose a POOL_TABLE page is, one a page
    uint32_t thread_first, threads; // layout: entries of thread_table that its threads can have
    uint32_t low;            // no page from here up was ever anything but free or data
    uint64_t last_number;    // the highest call number of any thread of it that is gone
};

#define PRIORITIES 256

// The generator of random numbers, see object/entropy.c.
struct entropy {
    uint32_t key[8];
    uint64_t counter;
};

// Everything that one core changes. Thread switches, timers and IPC on one core touch nothing else.
struct core {
    struct thread *current; // NULL: idle
    void *kernel_stack;     // top
    void *panic_stack;      // top
    uint64_t top;           // highest priority with a ready thread; 0: none
    struct thread **threads; // thread_table
    uint64_t thread_count;  // thread_table_count
    struct arch_core arch;
    struct vspace *vspace;  // loaded now
    struct thread *fpu_owner; // whose registers the FPU holds
    bool fpu_open;            // user code may touch them now
    bool ticking;           // a call with a timeout may be under way
    bool rearm;             // a timer or deadline changed: next_event has to be worked out again, on the way out
    bool tick_found;        // this round saw a call with a timeout
    uint32_t tick_index;    // next thread_table entry the tick looks at; 0: no tick under way
    struct component *ending; // components whose end has to be worked through, by next_ending
    uint64_t hardware_id;   // what the machine calls it: MPIDR affinity, hart, local APIC
    uint64_t ready_groups;  // bit g: ready_bits[g] != 0
    uint64_t ready_bits[PRIORITIES / 64];
    struct sched_context *active; // who pays now; NULL: idle
    struct sched_context *charge; // pays as well, see struct thread
    nanos_t charged_until;  // run time before this is accounted
    nanos_t idle_time;
    nanos_t next_event;     // what the hardware timer is set to
    nanos_t next_tick;      // of the timeout granularity
    struct timer **heap;    // binary heap by deadline, storage from the layout
    uint32_t heap_length;
    uint32_t index;
    struct thread_list ready[PRIORITIES];
    uint64_t unmaps;        // of memory that another core may be in the middle of copying from or to
    uint64_t passed;        // the copies from before that many of them are over
    struct sched_context visits; // pays for system calls of threads from other cores; no limit
    struct entropy entropy;
    // Atomic: what other cores have sent, newest first.
    struct mail *mailbox __attribute__((aligned(CACHE_LINE)));
};
