// Helpers of the tests that run the whole kernel: who runs, system calls with arguments, messages.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "../../kernel/arch/host/host.h"
#include "check.h"
#include "layout.h"

// Boots, with all cores, and lets every component block in its receive, highest priority first. Then the machine sleeps, and
// time stands still (set host.on_idle = NULL to let it pass); the calls below say who does something next.
void system_start(void);

// Another core runs from here on.
void on_core(unsigned core);
// What is on its way arrives, and what follows from that, until all is quiet. Back on the core that ran.
void deliver_mail(void);
// The same as deliver_mail() for one core, once. False: nothing had come.
bool open_mail(unsigned core);
// That core takes its mail and what else waits, or goes on inside the kernel where it waits for others.
void take_interrupts(unsigned core);
bool is_inside(unsigned core);
// host_leave() of a core that may have to wait for others there: with deliver_mail() or open_mail() it goes on.
void leave_shared(void);

// Makes this thread, which is blocked in its receive or ready, the running one: signals it with `WAKE`, and
// blocks those above it. Its receive has then delivered the bit. Its home core runs from there on.
#define WAKE (1ull << 63)
void system_run(unsigned thread);

// Whoever runs blocks in its receive, until `thread` runs (THREADS: until all are blocked).
void block_until(unsigned thread);

// The running thread (index into threads[]), THREADS when none does, or MADE_THREAD when it comes from a
// pool.
#define MADE_THREAD (THREADS + 1)
unsigned running(void);
struct arch_frame *frame_of(unsigned thread);

// System call of the running thread, again and again while the kernel repeats it; returns its status register
// afterwards. Only for calls that do not switch.
uint64_t sys(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e);

// The running thread calls through `slot`; who runs then is the kernel's choice.
void call(uint64_t slot, uint64_t label, const uint64_t words[MESSAGE_WORDS], uint64_t flags);
// The running thread answers `token` (0: nobody) and receives.
void reply_wait(uint64_t token, uint64_t label);
// It answers and goes on; returns the status.
uint64_t reply(uint64_t token, uint64_t label);

uint64_t info_of(unsigned thread);
uint64_t kind_of(unsigned thread);  // KIND_*, or the status of a call
uint64_t badge_of(unsigned thread);
uint64_t token_of(unsigned thread);
uint64_t word_of(unsigned thread, unsigned n);

// A component's memory behind `address`.
uint8_t *memory(unsigned component, uint64_t address);
