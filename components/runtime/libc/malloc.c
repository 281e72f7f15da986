// newlib's small allocator, all of it in one object: linked only into instances with `heap:`.
// SPDX-License-Identifier: BSD-2-Clause

#define DEFINE_MALLOC
#define DEFINE_FREE
#define DEFINE_CALLOC
#define DEFINE_REALLOC
#define DEFINE_MEMALIGN

#include <nano-mallocr.c>
