// The arena of `heap:`, for newlib's malloc. Linked only into instances that have one.
// Not for several threads at once: a component with a heap allocates in one thread.
// SPDX-License-Identifier: BSD-2-Clause

#include <errno.h>
#include <stdint.h>

#include <tenon/instance_heap.h>

void *sbrk(ptrdiff_t bytes);

static size_t used;

void *sbrk(ptrdiff_t bytes)
{
    size_t before = used;

    if (bytes > 0 ? (size_t)bytes > instance_heap_bytes - used : (size_t)-bytes > used) {
        errno = ENOMEM;
        return (void *)-1;
    }
    used += (size_t)bytes;
    return (char *)instance_heap_base + before;
}
