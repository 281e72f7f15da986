// A reference model of the kernel: what user space can see, restated from docs/kernel-abi.md and the ABI headers with arrays and
// linear searches. It shares no code with the kernel; random_calls.c drives both and compares them step by step.
//
// The kernel may choose where the document leaves it a choice: the number in a token, when within its granule a
// timeout comes, after which chunk or step a long call is interrupted, random numbers. Those come in through the
// functions named model_learn_*, which check that the choice was an allowed one.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "../kernel/layout.h"

#include <abi/syscall.h>

#define NOBODY (-1)
#define NO_TIME UINT64_MAX
#define CLIENTS_MAX 128
#define MEMORY_MAX (DATA_PAGES * PAGE_SIZE)

// As INSPECT_THREAD tells them.
enum model_state { M_INACTIVE = 0, M_READY = 1, M_CALLING = 3, M_AWAITING = 4, M_RECEIVING = 5 };

struct model_cap {
    uint8_t type; // CAP_NONE: empty
    uint8_t rights;
    uint16_t timeout;
    unsigned object;
    uint32_t life; // good while the object's is the same
    uint64_t badge;
};

struct model_lend {
    uint64_t address, bytes, flags, outer;
};

struct model_thread {
    unsigned component;
    uint8_t priority;
    enum model_state state;
    uint64_t x[31], sp, pc, pstate, tls;
    uint64_t bits; // pending in its notification

    // How it starts, and who handles its faults
    uint64_t entry, stack, argument;
    int handler; // endpoint, or NOBODY
    uint64_t handler_badge;
    bool reflect;

    // Scheduling
    int64_t turn;  // among the ready ones of its priority the lowest is first
    int pays, owes; // budgets; owes: NOBODY, or the caller's that ran dry
    int parked;     // the budget it waits for, or NOBODY
    int64_t park_turn;

    // Its call
    int endpoint, server; // server: AWAITING, the component that has it
    uint64_t badge, token; // token: 0 until learned
    nanos_t earliest, latest; // when it may, must have timed out; NO_TIME: never
    unsigned lends;
    struct model_lend lend[LENDS_MAX];
    bool fault;
    uint64_t reason, address, detail;

    int token_of; // its x[1] is the token of this thread's call, which is not known yet; NOBODY
    uint64_t last_token;
};

struct model_endpoint {
    unsigned receiver;
    int queue[THREADS];
    unsigned length;
    bool gone[CLIENTS_MAX];
};

// Index 2 * component: its own, + 1: its reserve.
struct model_budget {
    nanos_t limit, period; // limit 0: none
    int64_t left;
    nanos_t end;  // of the period that has begun; NO_TIME: none has
    nanos_t used; // all time charged
    nanos_t seen; // `used` when it was last asked for
};

struct model_component {
    enum component_state state;
    bool ready;
    uint64_t reason, address, pc, frame, generation;
    struct model_cap caps[SLOTS];
    int ending; // 0: no end under way; see model_component.c
    bool restarting; // a restart is under way
};

struct model {
    struct model_thread threads[THREADS];
    struct model_endpoint endpoints[ENDPOINTS];
    struct model_budget budgets[2 * COMPONENTS];
    struct model_component components[COMPONENTS];
    uint32_t life[CAP_TYPES][64];
    nanos_t timers[TIMERS]; // NO_TIME: not armed
    bool listening[INTERRUPTS];
    uint8_t ports[PORTS_COUNT];
    uint8_t memory[REGIONS][MEMORY_MAX];
    int current;     // running thread, or NOBODY
    int paying, owing; // budgets that are charged now
    nanos_t now, idle, idle_seen;
    int64_t front, back, park_back; // turns given out
    int ends[COMPONENTS];           // components whose end is under way, the latest last
    unsigned end_count;
    bool powered_off;
    bool tied; // two things happened at one time whose order is not laid down
};

extern struct model model;

// Everything as after boot.
void model_boot(void);

// --- What happens ----------------------------------------------------------------------------

// The running thread does a system call. `repeats`: the kernel has put off the rest, and the call comes again.
// `done`: the kernel's x registers afterwards, for what it may choose. Returns the status, or GOES_ON.
#define GOES_ON (-1)
int model_syscall(uint64_t number, bool repeats, const uint64_t done[31]);
void model_fault(uint64_t reason, uint64_t address, uint64_t detail);
void model_timer_interrupt(void);
void model_line(unsigned interrupt);
void model_pass(nanos_t time);

// The kernel is left: ends are worked through and the next thread is chosen.
void model_leave(void);
// Before that: this thread's call has timed out. False: it may not.
bool model_learn_timeout(unsigned thread);
// A thread that must have timed out by now; NOBODY.
int model_overdue(void);
// The token that a receiver found. False: it cannot be one.
bool model_learn_token(unsigned receiver, uint64_t token);

// The next time something has to happen by itself; NO_TIME.
nanos_t model_next_event(void);

// --- Shared by the files of the model ----------------------------------------------------------

unsigned own_budget(const struct model_thread *t);
void make_ready(struct model_thread *t);
void make_ready_first(struct model_thread *t);
bool component_served(unsigned component);
void signal_bits(unsigned thread, uint64_t bits);

int ipc_call(struct model_thread *t);
void ipc_receive(struct model_thread *t, bool poll);
// Returns the status; *caller is the thread that is free to go on, or NOBODY.
int ipc_reply(struct model_thread *t, uint64_t token, int *caller);
void ipc_fault(struct model_thread *t);
void ipc_end_call(struct model_thread *caller, enum status status);
void ipc_leave_call(struct model_thread *caller);
void ipc_client_gone(unsigned endpoint, uint64_t badge);
void ipc_flush(unsigned component);
// The thread whose call `token` names, if `component` may answer it.
struct model_thread *ipc_caller(unsigned component, uint64_t token);

int find_cap(unsigned component, uint64_t slot, enum cap_type type, uint8_t rights, struct model_cap **out);
bool cap_is_valid(const struct model_cap *cap);

// The byte of a component's memory that user code would reach, NULL if it would fault.
uint8_t *memory_at(unsigned component, uint64_t address, uint8_t right);
int memory_copy(struct model_thread *t, uint8_t right, bool repeats, const uint64_t done[31]);
void memory_restart(unsigned component);

void component_ends(unsigned component, enum component_state state, uint64_t code);
void component_fails(struct model_thread *t);
void component_work_ends(void);
int component_control(struct model_thread *t, bool repeats);
void component_report_of(unsigned component, uint64_t out[6], const uint64_t done[31]);
