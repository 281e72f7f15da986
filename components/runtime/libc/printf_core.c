// The core of integer printf into memory, without an allocator: it allocates only for functions that this
// library does not have (asprintf, wide characters), so an instance with `heap: 0` has snprintf.
// SPDX-License-Identifier: BSD-2-Clause

#define INTEGER_ONLY
#define STRING_ONLY
#define _malloc_r  printf_malloc_r
#define _realloc_r printf_realloc_r
#define _free_r    printf_free_r

#include <vfprintf.c>
