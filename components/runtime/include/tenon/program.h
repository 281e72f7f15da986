// What a program finds when it starts, besides its capabilities: the text that its spawner gave it.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <config.h>

#ifndef ARGUMENTS_BASE
#error "only a component of kind program has arguments"
#endif

// Ends with a zero: whoever made the page left at least one.
static inline const char *program_arguments(void)
{
    return (const char *)ARGUMENTS_BASE;
}
