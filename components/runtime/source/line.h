// One line on its way to the log.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include <tenon/log_write.h>

struct line {
    size_t bytes;
    char text[LOG_LINE_BYTES];
};

// Writes "NAME: prefix text" at a level.
void line_write(unsigned level, const char *prefix, const char *format, va_list arguments);
