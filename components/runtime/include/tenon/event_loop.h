// The event loop: where a component spends its life. It serves all interfaces that a thread provides and
// calls the handlers of its notification bits, its timers and its clients that are gone.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <tenon/syscall.h>

// Says that this component can do its work: those that start `after` it go on. Calls after the first do
// nothing.
void ready(void);

// Marks the component ready, then serves main's calls, bits and clients for ever.
noreturn void event_loop_run(void);

// The same for another thread, by its number (THREAD_<NAME> in glue.h).
noreturn void event_loop_run_thread(unsigned thread);

// Waits until one of `bits` was signalled to main and returns those that were. Others stay pending, and calls
// that come meanwhile stay unanswered, until the next wait or the event loop.
uint64_t wait_bits(uint64_t bits);
uint64_t wait_bits_thread(unsigned thread, uint64_t bits);

// Those of `bits` that are there already. Never blocks.
uint64_t poll_bits(uint64_t bits);

// A thread whose handler this one is faulted or made a foreign call; docs/kernel-abi.md has the words. Afterwards the
// message is the reply (FAULT_REPLY_*), or its token is 0. A component that handles none leaves it out: the thread stops.
void on_fault(struct message *message);
