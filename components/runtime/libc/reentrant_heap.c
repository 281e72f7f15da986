// newlib's inner names of its allocator, for the digits of floating point.
// SPDX-License-Identifier: BSD-2-Clause

#include <reent.h>
#include <stdlib.h>

void *_malloc_r(struct _reent *state, size_t bytes)
{
    (void)state;
    return malloc(bytes);
}

void *_calloc_r(struct _reent *state, size_t count, size_t bytes)
{
    (void)state;
    return calloc(count, bytes);
}

void *_realloc_r(struct _reent *state, void *memory, size_t bytes)
{
    (void)state;
    return realloc(memory, bytes);
}

void _free_r(struct _reent *state, void *memory)
{
    (void)state;
    free(memory);
}
