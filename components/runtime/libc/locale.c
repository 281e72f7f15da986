// The one locale there is, as far as strtod and printf of floating point look at it.
// SPDX-License-Identifier: BSD-2-Clause

#include <setlocale.h>

const struct lc_numeric_T _C_numeric_locale = {.decimal_point = ".", .thousands_sep = "", .grouping = ""};
struct __locale_t __global_locale;
