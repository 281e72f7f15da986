// The VMM's connections, as functions of the test.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int console_write(const void *text, size_t bytes);
bool console_typed_take(uint8_t *item);
void on_console_typed(void);
void on_timer_flush(void);
