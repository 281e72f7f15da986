// Line editing: printable bytes, backspace, end of line, control-C.
// SPDX-License-Identifier: BSD-2-Clause

#include "line.h"

#include <string.h>

#define BACKSPACE 0x08
#define CONTROL_C 0x03
#define DELETE    0x7f

static void show(char echo[4], size_t *echo_bytes, const char *text)
{
    *echo_bytes = strlen(text);
    memcpy(echo, text, *echo_bytes);
}

void line_clear(struct line *line)
{
    line->length = 0;
    line->text[0] = 0;
}

static void erase(struct line *line, char echo[4], size_t *echo_bytes)
{
    if (line->length == 0)
        return;
    line->text[--line->length] = 0;
    show(echo, echo_bytes, "\b \b");
}

// A byte that has no room, or is no text, rings the bell.
static void append(struct line *line, uint8_t byte, char echo[4], size_t *echo_bytes)
{
    if (byte < ' ' || byte > '~' || line->length + 1 == sizeof line->text) {
        show(echo, echo_bytes, "\a");
        return;
    }
    line->text[line->length++] = (char)byte;
    line->text[line->length] = 0;
    echo[0] = (char)byte;
    *echo_bytes = 1;
}

enum line_step line_type(struct line *line, uint8_t byte, char echo[4], size_t *echo_bytes)
{
    bool second_half = byte == '\n' && line->after_return;

    *echo_bytes = 0;
    line->after_return = byte == '\r';
    switch (byte) {
    case '\r':
    case '\n':
        if (second_half)
            return LINE_GOES_ON;
        show(echo, echo_bytes, "\n");
        return LINE_COMPLETE;
    case BACKSPACE:
    case DELETE: erase(line, echo, echo_bytes); return LINE_GOES_ON;
    case CONTROL_C:
        line_clear(line);
        show(echo, echo_bytes, "^C\n");
        return LINE_CANCELLED;
    default: append(line, byte, echo, echo_bytes); return LINE_GOES_ON;
    }
}
