// A path, taken apart: absolute, without `.` and `..`, so that nothing is above the root.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>

#define PATH_BYTES 255u
#define PATH_NAMES 64u  // the deepest
#define NAME_BYTES 60u

struct path {
    unsigned count;
    const char *names[PATH_NAMES];  // in text
    char text[PATH_BYTES + 1];
};

// False: not absolute, too long or deep, or a name in it is longer than NAME_BYTES. The path refers to
// itself: it is not copied.
bool path_parse(const char *text, struct path *path);

// Whether the path is at `top` or below it.
bool path_is_below(const struct path *path, const struct path *top);
