// newlib's small allocator, all of it in one object: linked only into instances with `heap:`.
// SPDX-License-Identifier: BSD-2-Clause

#define DEFINE_MALLOC
#define DEFINE_FREE
#define DEFINE_CALLOC
#define DEFINE_REALLOC
#define DEFINE_MEMALIGN
#define DEFINE_MALLOC_USABLE_SIZE

#define _sbrk_r sbrk  // heap.c

#include <nano-mallocr.c>
