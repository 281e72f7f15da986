// What the builder knows about this instance and the runtime needs: defined in its generated glue.c.
// The runtime library is built once for all instances; this is its only link to one of them.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <tenon/syscall.h>

// An instance that must be ready before this one starts.
struct instance_dependency {
    const char *name;
    slot_t component;    // readable
    uint64_t ready_bit;  // main's bit that it signals
};

// An instance this one supervises, and what its `restart:` says. Times in ns; 0: not given.
struct instance_child {
    const char *name;
    slot_t component;
    slot_t ping;           // notification of its main thread; SLOT_NULL without a heartbeat
    uint64_t changed_bit;  // the kernel signals it when the child's state changes
    uint64_t pong_bit;     // the child signals it as answer to a ping
    bool on_fault, on_exit, on_hang, on_refused;
    unsigned limit;  // restarts within `window`, then it is given up; 0: no limit
    nanos_t window;  // the backoff grows within it
    nanos_t backoff_first, backoff_last;
    nanos_t heartbeat;
    bool escalate;  // when it is given up, so is its supervisor
};

struct instance {
    const char *name;
    unsigned threads;
    slot_t pong;  // notification of the supervisor that answers a ping
    uint64_t ping_bit;
    const struct instance_dependency *dependencies;
    unsigned dependency_count;
    const slot_t *dependants;  // notifications of those that wait for us
    unsigned dependant_count;
};

extern const struct instance instance;
extern const struct instance_child instance_children[];
extern const unsigned instance_child_count;

// One for each thread: what the runtime keeps about it. Only that thread touches its entry.
struct instance_thread {
    uintptr_t stack_top;      // frames of a backtrace end below it
    uint64_t pending;         // bits that were received and not yet handled
    struct message *backlog;  // calls that came while it waited for bits, oldest first
    unsigned backlog_size;    // one for each thread that may call: each has one call at a time
    unsigned backlog_count;
    uint64_t *gone;  // clients that went meanwhile, a bit each
    unsigned clients;
};

extern struct instance_thread instance_threads[];

// Runs a thread other than main: calls <name>_main(). Its return parks the thread.
void instance_run_thread(unsigned thread);

// Handles a received call. Afterwards the message is the reply, or its token is 0: no reply yet.
void instance_dispatch_call(unsigned thread, struct message *message);

// Calls the handler of each bit of that thread; ping and ready are the runtime's.
void instance_dispatch_bits(unsigned thread, uint64_t bits);

// Tells the provides of that thread that the client with this badge is gone.
void instance_client_gone(unsigned thread, uint32_t badge);

// Takes one line of log away: never waits for anybody.
void instance_log(unsigned level, const char *line, size_t bytes);
