// log_relay: the interface Lines over a stream of Log. A line comes with its writer's name in it, and goes on
// as it is. SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <tenon/event_loop.h>
#include <tenon/log_write.h>

// What would break a line, or a terminal, in the middle becomes a dot. The last byte ends the line.
static void make_printable(uint8_t *text, size_t bytes)
{
    for (size_t i = 0; i + 1 < bytes; i++) {
        if (text[i] < ' ' || text[i] > '~')
            text[i] = '.';
    }
    text[bytes - 1] = '\n';
}

enum status lines_put(const struct call *call, uint8_t level, const uint8_t *text, size_t text_bytes)
{
    struct log_line line = {.level = level <= LOG_LEVEL_DEBUG ? level : LOG_LEVEL_DEBUG};

    (void)call;
    if (text_bytes == 0 || text_bytes > sizeof line.text)
        return STATUS_BAD_ARGUMENT;
    memcpy(line.text, text, text_bytes);
    make_printable(line.text, text_bytes);
    line.bytes = (uint16_t)text_bytes;
    (void)log_lines_put(&line);  // lost when there is no room: the queue counts it
    return STATUS_OK;
}

int main(void)
{
    event_loop_run();
}
