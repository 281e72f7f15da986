// What newlib asks of the system below it when it formats text: neither memory nor locales.
// SPDX-License-Identifier: BSD-2-Clause

#include <locale.h>
#include <reent.h>
#include <stddef.h>

// printf_core.c calls these in place of the allocator: there is never anything to allocate.
void *printf_malloc_r(struct _reent *state, size_t bytes);
void *printf_realloc_r(struct _reent *state, void *memory, size_t bytes);
void printf_free_r(struct _reent *state, void *memory);

void *printf_malloc_r(struct _reent *state, size_t bytes)
{
    (void)state, (void)bytes;
    return NULL;
}

void *printf_realloc_r(struct _reent *state, void *memory, size_t bytes)
{
    (void)state, (void)memory, (void)bytes;
    return NULL;
}

void printf_free_r(struct _reent *state, void *memory)
{
    (void)state, (void)memory;
}

struct lconv *_localeconv_r(struct _reent *state)
{
    static char nothing[] = "", point[] = ".";
    static struct lconv c_locale = {.decimal_point = point, .thousands_sep = nothing, .grouping = nothing};

    (void)state;
    return &c_locale;
}
