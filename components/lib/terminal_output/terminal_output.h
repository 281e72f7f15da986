// What goes out, piece by piece: writes of console clients and lines of log, each whole before the next
// begins. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>

#include <tenon/stub.h>

// Remembers a write; it is answered when the last of its bytes is taken. A client has one at a time.
void output_add_write(const struct call *call, const struct lend *text);

// The client is gone, and its write with it.
void output_forget(uint32_t client);

// The next byte for the line, "\n" as "\r\n". False: there is nothing to send. Answers writes that are
// through.
bool output_take(char *byte);
