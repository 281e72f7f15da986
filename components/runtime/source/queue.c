// The queue of <tenon/queue.h>.
// SPDX-License-Identifier: BSD-2-Clause

#include <string.h>

#include <tenon/queue.h>

static void join(struct queue_end *end, _Atomic uint32_t *own)
{
    if (!end->joined) {
        end->joined = true;
        end->index = atomic_load_explicit(own, memory_order_relaxed);
    }
}

static unsigned char *slot_of(struct queue *queue, uint32_t index, uint32_t depth, size_t bytes)
{
    return queue->items + (size_t)(index & (depth - 1)) * bytes;
}

enum queue_put queue_put(struct queue *queue, struct queue_end *end, uint32_t depth, const void *item,
                         size_t bytes)
{
    join(end, &queue->written);

    // Pairs with the release in queue_take: the consumer is done with the slot that we write next.
    uint32_t read = atomic_load_explicit(&queue->read, memory_order_acquire);

    if (end->index - read >= depth) {
        atomic_fetch_add_explicit(&queue->lost, 1, memory_order_relaxed);
        return QUEUE_FULL;
    }
    memcpy(slot_of(queue, end->index, depth, bytes), item, bytes);

    // Pairs with the acquire in queue_take: who sees the index sees the item.
    atomic_store_explicit(&queue->written, ++end->index, memory_order_release);

    // Pairs with the fence in queue_take: either we see that it took all before, or it sees our item.
    atomic_thread_fence(memory_order_seq_cst);
    read = atomic_load_explicit(&queue->read, memory_order_relaxed);
    return end->index - read == 1 ? QUEUE_PUT_FIRST : QUEUE_PUT;
}

bool queue_take(struct queue *queue, struct queue_end *end, uint32_t depth, void *item, size_t bytes)
{
    join(end, &queue->read);
    atomic_thread_fence(memory_order_seq_cst);

    uint32_t written = atomic_load_explicit(&queue->written, memory_order_acquire);

    if (written - end->index > depth) {
        // No honest producer does this. What it put is lost; the queue works again from here.
        end->index = written;
        atomic_store_explicit(&queue->read, end->index, memory_order_release);
    }
    if (written == end->index)
        return false;
    memcpy(item, slot_of(queue, end->index, depth, bytes), bytes);
    atomic_store_explicit(&queue->read, ++end->index, memory_order_release);
    return true;
}
