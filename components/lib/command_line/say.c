// One buffer as large as one write of the console.
// SPDX-License-Identifier: BSD-2-Clause

#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define BUFFER_BYTES 1024u
#define PIECE_BYTES  256u  // the longest text of one say()

static char buffer[BUFFER_BYTES];
static size_t used;

void say_flush(void)
{
    if (used != 0)
        say_out(buffer, used);
    used = 0;
}

void say_bytes(const char *text, size_t bytes)
{
    while (bytes > 0) {
        size_t room = sizeof buffer - used;
        size_t part = bytes < room ? bytes : room;

        memcpy(buffer + used, text, part);
        used += part;
        text += part;
        bytes -= part;
        if (used == sizeof buffer)
            say_flush();
    }
}

void say(const char *format, ...)
{
    char piece[PIECE_BYTES];
    va_list arguments;

    va_start(arguments, format);
    int wanted = vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);
    if (wanted > 0)
        say_bytes(piece, (size_t)wanted < sizeof piece ? (size_t)wanted : sizeof piece - 1);
}
