// qsort as a heap sort: newlib's recurses as deep as its input wants, and a component's stack has a bound.
// Not stable, as C allows. In place, without memory of its own.
// SPDX-License-Identifier: BSD-2-Clause

#include <stdlib.h>

typedef int compare_t(const void *left, const void *right);

static void swap(char *left, char *right, size_t bytes)
{
    while (bytes-- > 0) {
        char kept = *left;

        *left++ = *right;
        *right++ = kept;
    }
}

// Lets the item at `parent` sink until no child is greater: [parent, count) is a heap again.
static void sink(char *items, size_t parent, size_t count, size_t bytes, compare_t *compare)
{
    for (;;) {
        size_t child = 2 * parent + 1;

        if (child >= count)
            return;
        if (child + 1 < count && compare(items + child * bytes, items + (child + 1) * bytes) < 0)
            child++;
        if (compare(items + parent * bytes, items + child * bytes) >= 0)
            return;
        swap(items + parent * bytes, items + child * bytes, bytes);
        parent = child;
    }
}

void qsort(void *base, size_t count, size_t bytes, compare_t *compare)
{
    char *items = base;

    for (size_t parent = count / 2; parent-- > 0;)
        sink(items, parent, count, bytes, compare);
    while (count > 1) {
        swap(items, items + --count * bytes, bytes);
        sink(items, 0, count, bytes, compare);
    }
}
