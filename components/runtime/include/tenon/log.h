// Bounded logging: one line at a time, cut at LOG_LINE_BYTES, below the instance's level compiled away.
// It never waits: the kernel's console takes the line, or a queue to the log service does, or it is lost and
// counted. Format: as printf, integers and text only.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <config.h>

#include <tenon/log_write.h>

// The condition is constant: a line above the level leaves neither code nor text.
#define LOG_AT(level, ...)                 \
    do {                                   \
        if ((level) <= CONFIG_LOG_LEVEL)   \
            log_write(level, __VA_ARGS__); \
    } while (0)

#define log_error(...)   LOG_AT(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) LOG_AT(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...)    LOG_AT(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...)   LOG_AT(LOG_LEVEL_DEBUG, __VA_ARGS__)
