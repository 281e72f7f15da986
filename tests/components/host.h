// A kernel for a component that runs as a host process: what its unit tests see and steer.
//
// The test is the component's other side. For each provide `p` of the component it has client functions
// `client_p_<method>`; for each use `u` it writes the handlers `peer_u_<method>`. Calls go through the same
// stubs as on the machine. Notifications, time and the console are the test's. SPDX-License-Identifier:
// BSD-2-Clause
#pragma once

#include "../kernel/check.h"

#include <setjmp.h>

#include <tenon/instance.h>
#include <tenon/stub.h>

#define HOST_SLOTS 256

extern nanos_t host_time;                       // what SYS_CLOCK tells
extern nanos_t host_timers[HOST_SLOTS];         // what each timer was set to; 0: not set
extern unsigned host_signals[HOST_SLOTS];       // how often each notification was signalled
extern unsigned host_acknowledged[HOST_SLOTS];  // and each interrupt acknowledged
extern struct component_report host_states[HOST_SLOTS];
extern unsigned host_controls[HOST_SLOTS][COMPONENT_OPS];
extern void (*host_on_control)(slot_t slot, enum component_operation operation);  // after it is counted; it may end the component
extern struct region_info host_regions[HOST_SLOTS];  // what SYS_REGION_INFO tells
extern char host_console[1 << 16];                   // all that was written, with a final zero
extern bool host_is_ready;                           // SYS_READY was called
extern enum status host_next_call;                   // not OK: the next call ends so, undelivered
extern enum status host_lost_answer;                 // not OK: the call being worked on ends so when it is done
extern unsigned host_power_offs;

// Where an end of the endpoint leads: generated. The badge of the caller, and whose dispatcher it is.
uint32_t host_badge_of(slot_t slot);

// Called between the stores to a persistent region whose order matters. It may end the component there with host_end.
extern void (*host_on_order)(void);
_Noreturn void host_end(void);

// Called when the component waits and nothing is there; what it pushes comes next. Time passes here.
extern void (*host_on_idle)(void);

// What the component will receive next, in order.
void host_push(struct message message);
void host_push_bits(uint64_t bits);
void host_push_gone(uint32_t badge);

// Replies that REPLY_WAIT and REPLY sent to calls from host_push, by the low bits of their token.
extern struct message host_replies[HOST_SLOTS];
extern unsigned host_reply_count;

// Runs the component's code until it waits and nothing more is there for it, or exits; in a handler of the test's, too: then
// it ends in the middle of its call.
// Tells the exit code, or HOST_IDLE.
#define HOST_IDLE (-1)
int host_run(void (*code)(void));

// I/O ports of the component's device, defined by a test whose component has some.
uint32_t host_port_read(uint64_t offset, unsigned width);
void host_port_write(uint64_t offset, unsigned width, uint32_t value);

// What is made from the component's pool, defined by a test whose component has one: SYS_POOL_CREATE, SYS_POOL_DESTROY, SYS_MAP, SYS_UNMAP,
// SYS_OBJECT_SET and SYS_CAP_COPY.
struct sys_result host_pool(unsigned number, const uint64_t arguments[6]);

// Where memory is that the component has mapped from its pool; what is not mapped there is NULL.
void *host_mapped(uintptr_t address, size_t bytes);

// Capabilities that the component gave up.
extern unsigned host_dropped[HOST_SLOTS];

// Handles these notification bits as the event loop would.
void host_bits(uint64_t bits);
