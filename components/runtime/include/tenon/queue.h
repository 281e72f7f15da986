// A single-producer, single-consumer queue in memory that two components share: the transport of streams.
//
// Each end trusts nothing of the other. It keeps its own index in private memory, looks at the peer's index
// once per operation, never uses it as an offset, and copies items. A peer that writes nonsense makes the
// queue look full or empty, or its items look wrong; it reaches nothing else. Indices run freely and are
// masked when used, so depth is a power of two.
//
//   written - read = items in the queue:   [ . . R x x x W . ]
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUEUE_LINE 64  // a cache line: producer and consumer write to different ones

struct queue {
    _Alignas(QUEUE_LINE) _Atomic uint32_t written;  // the producer's: items put so far
    _Atomic uint32_t lost;                          // the producer's: items it had no room for
    _Alignas(QUEUE_LINE) _Atomic uint32_t read;     // the consumer's: items taken so far
    _Alignas(QUEUE_LINE) unsigned char items[];
};
_Static_assert(offsetof(struct queue, items) == 2 * QUEUE_LINE, "tools/builder/idl.py: QUEUE_HEADER_BYTES");

// One end's private view. Zero before first use; a restarted end goes on where the shared memory says.
struct queue_end {
    bool joined;
    uint32_t index;  // items put (producer) or taken (consumer)
};

enum queue_put { QUEUE_FULL, QUEUE_PUT, QUEUE_PUT_FIRST };  // first: the consumer may sleep, signal it

// Puts a copy of the item. A full queue counts it as lost.
enum queue_put queue_put(struct queue *queue, struct queue_end *end, uint32_t depth, const void *item,
                         size_t bytes);

// Takes the oldest item. False: there is none.
bool queue_take(struct queue *queue, struct queue_end *end, uint32_t depth, void *item, size_t bytes);

// Items lost since boot, as the producer tells.
static inline uint32_t queue_lost(struct queue *queue)
{
    return atomic_load_explicit(&queue->lost, memory_order_relaxed);
}
