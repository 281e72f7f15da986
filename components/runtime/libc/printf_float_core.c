// The core of printf with floating point, for `fpu: true`. It takes memory for its digits: `heap:` must be there.
// A long double is printed with the precision of a double.
// SPDX-License-Identifier: BSD-2-Clause

#define STRING_ONLY

#include <vfprintf.c>
