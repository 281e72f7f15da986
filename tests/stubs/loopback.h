// A kernel for one process that is client and server at once: a call goes straight to the dispatcher.
// exercise.py writes the component that runs on it; this is what it may do to the calls on their way.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include <tenon/instance.h>
#include <tenon/stub.h>

#define CHECK(condition)                                                                               \
    do {                                                                                               \
        if (!(condition)) {                                                                            \
            fprintf(stderr, "%s:%d: %s is not true (seed %llu, %s)\n", __FILE__, __LINE__, #condition, \
                    (unsigned long long)seed, doing);                                                  \
            abort();                                                                                   \
        }                                                                                              \
    } while (0)

extern uint64_t seed;
extern const char *doing;  // the method under test

// Random numbers, the same for the same seed.
uint64_t draw(void);
uint64_t draw_below(uint64_t limit);

// A number of so many bits, often one at the edge of its range.
uint64_t draw_bits(unsigned bits);
void draw_bytes(void *to, size_t bytes);

// How the next calls end.
enum loopback_mode {
    MODE_DELIVER,  // as a kernel does
    MODE_HOSTILE,  // the server is an enemy: answers and lent memory are noise
};
extern enum loopback_mode mode;
extern unsigned deaths;         // so many calls yet end with PEER_DIED after their delivery
extern unsigned calls;          // counts them
extern unsigned copies;         // and the chunks that were copied
extern bool fuzzing;            // handlers expect nothing and answer anything
extern void (*deferred)(void);  // set by a handler that returned CALL_DEFERRED: answers its call

extern struct message last_received;  // what the server got with the last delivered call
extern bool refusing;                 // no handler may be reached

extern bool overlong;     // handlers answer one byte more than the type allows
extern bool zero_copies;  // lent memory reads as zeroes

// The stub must refuse the message without calling its handler.
void must_refuse(const struct message *message);

#define REFUSED(change)            \
    do {                           \
        struct message bad = good; \
        change;                    \
        must_refuse(&bad);         \
    } while (0)

// Sends so many mutations of the corpus through the dispatcher. Each must be answered or deferred.
void fuzz_requests(unsigned count);

// The badge that goes with an endpoint slot: generated.
uint32_t badge_of_slot(slot_t slot);
