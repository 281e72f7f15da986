// The connection of `nc`: there is one at most.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stddef.h>

bool netcat_is_on(void);

// Whether all that was typed is on its way.
bool netcat_takes_more(void);

// At most 256 bytes, and the end of the line.
void netcat_send_line(const char *text, size_t bytes);

// Our side sends no more.
void netcat_end_side(void);

void netcat_close(void);

// Does all that can be done by now.
void netcat_serve(void);

// The network was restarted.
void netcat_forget(void);
