// Text for the console, gathered so that a command costs few calls.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stddef.h>

// Adds text; as printf, integers and text only.
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);

void say_bytes(const char *text, size_t bytes);

// Hands everything over to the console. Text it does not take is lost.
void say_flush(void);
