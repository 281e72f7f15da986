// The function behind the log macros, and what the log's two ends agree on.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define LOG_LEVEL_ERROR   0
#define LOG_LEVEL_WARNING 1
#define LOG_LEVEL_INFO    2
#define LOG_LEVEL_DEBUG   3

// A line with its name and its end; SYS_CONSOLE_WRITE takes no more at once.
#define LOG_LINE_BYTES 256

__attribute__((format(printf, 2, 3))) void log_write(unsigned level, const char *format, ...);
