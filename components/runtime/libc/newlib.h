// Our configuration of newlib: what its `configure` would have written for a component of Tenon.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define _NEWLIB_VERSION                  "3.3.0"
#define __NEWLIB__                       3
#define __NEWLIB_MINOR__                 3
#define __NEWLIB_PATCHLEVEL__            0
#define _ELIX_LEVEL                      4  // all functions
#define _WANT_IO_C99_FORMATS             1  // %zu, %jd, %hhx
#define _WANT_IO_LONG_LONG               1
#define _WANT_REENT_SMALL                1  // 480 bytes of state instead of 1,800
#define _LITE_EXIT                       1
#define _MB_LEN_MAX                      1  // one locale: C
#define _HAVE_CC_INHIBIT_LOOP_TO_LIBCALL 1

// The compiler's <stdint.h> is used, which does not tell newlib's <inttypes.h> that there are 64 bits.
#define __int64_t_defined 1
