// A split virtqueue (virtio 1.2, 2.7). The device reads and writes the shared part; every decision rests on our private copy.
//
// Invariant: a descriptor is either on the free list or belongs to exactly one chain that the device holds.
// What the device says is believed only if it names a chain it holds and bytes that fit in what that chain lets it write.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_SIZE_MAX 64 // of a ring's entries, which are a power of two
#define RING_NONE     0xffff

struct ring_descriptor {
    uint64_t address;
    uint32_t bytes;
    uint16_t flags;
    uint16_t next;
};

// What driver and device share. Little endian, like all of virtio 1 and all machines we run on. A smaller ring uses the
// first entries of each part; the parts stand where they stand.
struct ring_memory {
    struct ring_descriptor descriptors[RING_SIZE_MAX];
    struct {
        uint16_t flags;
        uint16_t index;
        uint16_t heads[RING_SIZE_MAX];
        uint16_t event;
    } available;
    uint8_t padding[2];
    struct {
        uint16_t flags;
        uint16_t index;
        struct {
            uint32_t head;
            uint32_t bytes;
        } entries[RING_SIZE_MAX];
        uint16_t event;
    } used;
};
_Static_assert(offsetof(struct ring_memory, available) == 16 * RING_SIZE_MAX, "virtio 1.2, 2.7.5");
_Static_assert(offsetof(struct ring_memory, used) % 4 == 0, "virtio 1.2, 2.7: alignment of the used ring");

struct split_ring {
    volatile struct ring_memory *memory;
    uint16_t size;                     // entries
    uint16_t free;                     // first free descriptor, or RING_NONE
    uint16_t next[RING_SIZE_MAX];      // free list, and the rest of each chain
    bool held[RING_SIZE_MAX];          // whether a chain that begins here is with the device
    uint32_t writable[RING_SIZE_MAX];  // bytes the device may write into the chain that begins here
    uint16_t available;                // our copy of the index that the device reads
    uint16_t taken;                    // used entries we have looked at
    uint16_t outstanding;              // chains with the device
};

// Memory for the device, by its device address.
struct ring_buffer {
    uint64_t address;
    uint32_t bytes;
    bool device_writes;
};

// Empties the ring and gives it so many entries. The device must be in reset.
void ring_init(struct split_ring *ring, volatile struct ring_memory *memory, uint16_t size);

// The head that the next chain will have, or RING_NONE: no room for one.
uint16_t ring_next(const struct split_ring *ring);

// Makes a chain of the buffers, those that the device reads first, available. Its head, or RING_NONE: no room.
uint16_t ring_add(struct split_ring *ring, const struct ring_buffer *buffers, unsigned count);

enum ring_taken { RING_EMPTY, RING_TAKEN, RING_BROKEN };  // broken: the device has claimed what cannot be

// Takes one chain back that the device is done with, and how many bytes it wrote.
enum ring_taken ring_take(struct split_ring *ring, uint16_t *head, uint32_t *bytes);
