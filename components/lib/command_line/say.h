// Text for a terminal, gathered so that a command costs few calls.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stddef.h>

// Adds text; as printf, integers and text only.
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);

void say_bytes(const char *text, size_t bytes);

// Hands over everything.
void say_flush(void);

// Defined by the component: what it does not get rid of is lost. At most 1024 bytes.
void say_out(const char *text, size_t bytes);
