// The driver's end of a split virtqueue.
// SPDX-License-Identifier: BSD-2-Clause

#include <split_ring.h>

#include <tenon/mmio.h>

#define DESCRIPTOR_NEXT  1
#define DESCRIPTOR_WRITE 2

void ring_init(struct split_ring *ring, volatile struct ring_memory *memory, uint16_t size)
{
    volatile unsigned char *bytes = (volatile unsigned char *)memory;

    *ring = (struct split_ring){.memory = memory, .size = size};
    for (size_t i = 0; i < sizeof *memory; i++)
        bytes[i] = 0;
    for (uint16_t i = 0; i < size; i++)
        ring->next[i] = i + 1 < size ? i + 1 : RING_NONE;
}

uint16_t ring_next(const struct split_ring *ring)
{
    return ring->free;
}

static bool has_room(const struct split_ring *ring, unsigned count)
{
    uint16_t at = ring->free;

    for (; count > 0 && at != RING_NONE; count--)
        at = ring->next[at];
    return count == 0;
}

static void write_descriptor(struct split_ring *ring, uint16_t at, const struct ring_buffer *buffer, bool last)
{
    volatile struct ring_descriptor *descriptor = &ring->memory->descriptors[at];

    descriptor->address = buffer->address;
    descriptor->bytes = buffer->bytes;
    descriptor->flags = (uint16_t)((buffer->device_writes ? DESCRIPTOR_WRITE : 0) | (last ? 0 : DESCRIPTOR_NEXT));
    descriptor->next = last ? 0 : ring->next[at];
}

static void make_available(struct split_ring *ring, uint16_t head)
{
    ring->memory->available.heads[ring->available % ring->size] = head;
    device_write_barrier(); // the device must not see the index before the chain
    ring->memory->available.index = ++ring->available;
}

uint16_t ring_add(struct split_ring *ring, const struct ring_buffer *buffers, unsigned count)
{
    uint16_t head = ring->free, last = head;

    if (count == 0 || !has_room(ring, count))
        return RING_NONE;
    ring->writable[head] = 0;
    for (unsigned i = 0; i < count; i++) {
        last = ring->free;
        ring->free = ring->next[last];
        write_descriptor(ring, last, &buffers[i], i + 1 == count);
        ring->writable[head] += buffers[i].device_writes ? buffers[i].bytes : 0;
    }
    ring->next[last] = RING_NONE;
    ring->held[head] = true;
    ring->outstanding++;
    make_available(ring, head);
    return head;
}

// The chain's descriptors go back to the free list. Walks our links, never the shared ones.
static void release(struct split_ring *ring, uint16_t head)
{
    uint16_t last = head;

    while (ring->next[last] != RING_NONE)
        last = ring->next[last];
    ring->next[last] = ring->free;
    ring->free = head;
    ring->held[head] = false;
    ring->outstanding--;
}

enum ring_taken ring_take(struct split_ring *ring, uint16_t *head, uint32_t *bytes)
{
    uint16_t waiting = ring->memory->used.index - ring->taken;

    if (waiting == 0)
        return RING_EMPTY;
    device_read_barrier(); // the entry is as new as the index that announced it
    uint32_t claimed = ring->memory->used.entries[ring->taken % ring->size].head;
    uint32_t written = ring->memory->used.entries[ring->taken % ring->size].bytes;

    if (waiting > ring->outstanding || claimed >= ring->size || !ring->held[claimed] ||
        written > ring->writable[claimed])
        return RING_BROKEN;
    ring->taken++;
    release(ring, (uint16_t)claimed);
    *head = (uint16_t)claimed;
    *bytes = written;
    return RING_TAKEN;
}
