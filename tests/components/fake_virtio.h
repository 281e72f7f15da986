// A virtio device for unit tests, honest or not. One test program, one device; included by its one C file, which
// defines device_serve.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "host.h"

#include <glue.h>

#include <split_ring.h>
#include <virtio_transport.h>
#include <tenon/mmio.h>

// Serves one request on a queue: the chain's buffers in order. Returns how many bytes were written into those that can be.
static uint32_t device_serve(struct ring_buffer *buffers, unsigned count);

// One of the device's queues, as the driver has set it up.
struct fake_queue {
    uint64_t rings[3];  // device addresses: descriptors, available, used
    uint16_t size;
    uint16_t seen;      // available entries that were taken
    bool ready;
    bool waits;         // for the test, not for a notification: a queue that the device fills when it likes
};

enum fake_behaviour {
    FAKE_HONEST,
    FAKE_SILENT,        // never answers
    FAKE_WRONG_HEAD,    // answers a chain number that does not exist
    FAKE_OTHER_HEAD,    // answers a chain that it does not hold
    FAKE_TWICE,         // says that it answered more than it was asked
    FAKE_TOO_LONG,      // claims to have written more than it may
    FAKE_SHORT,         // claims to have written one byte less than it did
    FAKE_DEAD,          // silent, and does not end a reset
};

static struct {
    enum fake_behaviour behaviour;
    unsigned misbehave_for;      // requests; afterwards honest
    uint32_t type, version, status, queue_size;
    uint64_t features, accepted;
    uint32_t feature_half, accepted_half;
    uint16_t notify_off;         // over PCI
    struct fake_queue queues[VIRTIO_QUEUES_MAX];
    unsigned selected;           // queue whose registers are accessed
    uint32_t interrupt;
    uint64_t config;
    uint32_t config_changes;     // reads of the generation that still see a new one
    unsigned resets, requests;
} fake;

static void fake_begin(uint32_t type, uint64_t features)
{
    fake.type = type;
    fake.version = 2;
    fake.queue_size = 256;
    fake.features = features | 1ull << 32;
    fake.misbehave_for = ~0u;
#ifdef SLOT_DMA_RING
    host_regions[SLOT_DMA_RING] = (struct region_info){DMA_RING_BYTES, DMA_RING_BASE, DMA_RING_BASE};
    host_regions[SLOT_DMA_BUFFER] = (struct region_info){DMA_BUFFER_BYTES, DMA_BUFFER_BASE, DMA_BUFFER_BASE};
#endif
}

static struct ring_memory *fake_ring(const struct fake_queue *queue)
{
    struct ring_memory *ring = (struct ring_memory *)(uintptr_t)queue->rings[0];

    CHECK(queue->rings[1] == (uintptr_t)&ring->available && queue->rings[2] == (uintptr_t)&ring->used);
    return ring;
}

// The registers' value for the selected queue, once the driver has written a size.
static inline void fake_set_size(uint32_t size)
{
    CHECK(size <= RING_SIZE_MAX && size <= fake.queue_size && (size & (size - 1)) == 0);
    fake.queues[fake.selected].size = (uint16_t)size;
}

static inline void fake_select(uint32_t queue)
{
    CHECK(queue < VIRTIO_QUEUES_MAX);
    fake.selected = queue;
}

static void fake_answer(const struct fake_queue *queue, uint32_t head, uint32_t bytes)
{
    struct ring_memory *ring = fake_ring(queue);
    uint16_t at = ring->used.index % queue->size;

    ring->used.entries[at].head = head;
    ring->used.entries[at].bytes = bytes;
    ring->used.index++;
}

// Everything a driver may hand over is inside its DMA memory: checked here, with every request.
static unsigned fake_chain(const struct fake_queue *queue, uint32_t head, struct ring_buffer buffers[RING_SIZE_MAX])
{
    struct ring_memory *ring = fake_ring(queue);
    unsigned count = 0;

    for (uint32_t at = head;; at = ring->descriptors[at].next) {
        struct ring_descriptor descriptor = ring->descriptors[at];

        CHECK(at < queue->size && count < queue->size);
        CHECK(descriptor.address >= DMA_BUFFER_BASE);
        CHECK(descriptor.address + descriptor.bytes <= DMA_BUFFER_BASE + DMA_BUFFER_BYTES);
        buffers[count++] = (struct ring_buffer){descriptor.address, descriptor.bytes, descriptor.flags & 2};
        if (!(descriptor.flags & 1))
            return count;
    }
}

static void fake_misbehave(const struct fake_queue *queue, uint32_t head, uint32_t written)
{
    switch (fake.behaviour) {
    case FAKE_HONEST: fake_answer(queue, head, written); return;
    case FAKE_WRONG_HEAD: fake_answer(queue, head + queue->size, written); return;
    case FAKE_OTHER_HEAD: fake_answer(queue, (head + 5) % queue->size, written); return;
    case FAKE_TWICE:
        fake_answer(queue, head, written);
        fake_answer(queue, head, written);
        return;
    case FAKE_TOO_LONG: fake_answer(queue, head, 1u << 30); return;
    case FAKE_SHORT: fake_answer(queue, head, written - 1); return;
    case FAKE_SILENT:
    case FAKE_DEAD: break;
    }
}

// Serves the oldest chain that is available. False: there is none.
static bool fake_serve(struct fake_queue *queue, bool bad)
{
    struct ring_memory *ring = fake_ring(queue);

    CHECK(queue->ready && (fake.status & 4));
    if (queue->seen == ring->available.index)
        return false;
    struct ring_buffer buffers[RING_SIZE_MAX];
    uint32_t head = ring->available.heads[queue->seen++ % queue->size];
    unsigned count = fake_chain(queue, head, buffers);

    fake.requests++;
    uint32_t written = device_serve(buffers, count);

    if (bad)
        fake_misbehave(queue, head, written);
    else
        fake_answer(queue, head, written);
    return true;
}

static void fake_notified(uint32_t number)
{
    struct fake_queue *queue = &fake.queues[number];
    bool bad = fake.misbehave_for > 0 && fake.behaviour != FAKE_HONEST;

    CHECK(number < VIRTIO_QUEUES_MAX);
    if (queue->waits)
        return;
    while (fake_serve(queue, bad))
        continue;
    if (bad && (fake.behaviour == FAKE_SILENT || fake.behaviour == FAKE_DEAD)) {
        host_time += 1000000000;
        host_push_bits(BIT_TIMER_REQUEST);
    } else {
        fake.interrupt |= 1;
        host_push_bits(BIT_INTERRUPT_DEV);
    }
    fake.misbehave_for -= bad;
}

static void fake_set_status(uint32_t status)
{
    if (status == 0) {
        fake.resets++;
        for (unsigned i = 0; i < VIRTIO_QUEUES_MAX; i++) {
            fake.queues[i].seen = 0;
            fake.queues[i].ready = false;
        }
        if (fake.behaviour == FAKE_DEAD && fake.requests > 0)
            return;
    }
    fake.status = status;
}

static void fake_set_half(uint64_t *value, unsigned half, uint32_t part)
{
    *value = (*value & ~(0xffffffffull << 32 * half)) | (uint64_t)part << 32 * half;
}

#include <fake_virtio_registers.h>  // tests/components/<mmio or pci>/: how the driver under test reaches it
