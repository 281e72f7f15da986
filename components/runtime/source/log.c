// Log lines: "NAME: text", with the level's word in front of the text when it is not information.
// SPDX-License-Identifier: BSD-2-Clause

#include <integer_printf.h>
#include <stdarg.h>
#include <string.h>

#include <tenon/instance.h>
#include <tenon/log_write.h>

#include "line.h"

static const char *const level_words[] = {
    [LOG_LEVEL_ERROR] = "error: ",
    [LOG_LEVEL_WARNING] = "warning: ",
    [LOG_LEVEL_INFO] = "",
    [LOG_LEVEL_DEBUG] = "debug: ",
};

static void append(struct line *line, const char *format, va_list arguments)
{
    size_t room = sizeof line->text - line->bytes;
    int wanted = vsniprintf(line->text + line->bytes, room, format, arguments);

    if (wanted > 0)
        line->bytes += (size_t)wanted < room ? (size_t)wanted : room - 1;
}

static void append_text(struct line *line, const char *text)
{
    size_t room = sizeof line->text - 1 - line->bytes;
    size_t bytes = strnlen(text, room);

    memcpy(line->text + line->bytes, text, bytes);
    line->bytes += bytes;
}

void line_write(unsigned level, const char *prefix, const char *format, va_list arguments)
{
    struct line line = {.bytes = 0};

    append_text(&line, instance.name);
    append_text(&line, ": ");
    append_text(&line, prefix);
    append(&line, format, arguments);
    if (line.bytes > sizeof line.text - 2)
        line.bytes = sizeof line.text - 2;
    line.text[line.bytes++] = '\n';
    instance_log(level, line.text, line.bytes);
}

void log_write(unsigned level, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    line_write(level, level_words[level], format, arguments);
    va_end(arguments);
}
