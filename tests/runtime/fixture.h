// An instance made by hand, for tests of the runtime library alone: two dependencies, two dependants, a
// supervisor, and a record of what the runtime dispatched. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "host.h"

#include <tenon/event_loop.h>

#define SLOT_PONG_TEST  10
#define SLOT_DEPENDENCY 20  // and 21
#define SLOT_DEPENDANT  30  // and 31
#define BIT_PING_TEST   (1ull << 0)
#define BIT_READY_TEST  (1ull << 1)  // and 2
#define BIT_TIMER_TEST  (1ull << 8)
#define BIT_OTHER_TEST  (1ull << 9)
#define CLIENTS         70
#define BACKLOG         3

// Everything that reached the instance, in order: "call 5", "bits 0x100", "gone 3".
extern char events[4096];
extern void (*on_call)(struct message *message);  // what a call does besides; may be NULL
extern void (*component)(void);                   // its main
extern bool logs_to_console;

struct message call_of(unsigned thread, unsigned number);
