// The core of printf with floating point, for `fpu: true`. It takes memory for its digits: `heap:` must be
// there. There is no long double: its arithmetic would come from libgcc, whose stack needs nobody knows.
// SPDX-License-Identifier: BSD-2-Clause

#define STRING_ONLY

#include <_ansi.h>

#undef _LONG_DOUBLE
#define _LONG_DOUBLE double

#include <vfprintf.c>
