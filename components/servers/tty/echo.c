// See echo.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "echo.h"

#include <string.h>

#include <glue.h>

#define BUFFER_BYTES 1024u  // as much as one write of Console

static char buffer[BUFFER_BYTES];
static size_t used;

void echo_flush(void)
{
    if (used != 0)
        (void)!console_write(buffer, used);
    used = 0;
}

void echo(const char *text)
{
    size_t bytes = strlen(text);

    if (bytes > sizeof buffer - used)
        echo_flush();
    memcpy(buffer + used, text, bytes);
    used += bytes;
}
