// tty: the interface Tty over a driver's Console.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <string.h>

#include <tenon/event_loop.h>

#include "discipline.h"
#include "echo.h"
#include "input.h"

#define WRITE_BYTES 1024u

static char written[WRITE_BYTES];

// Takes what was typed, as far as there is room for it; the rest waits in the stream.
static void take_typed(void)
{
    uint8_t byte;
    bool is_news = false;

    while (input_has_room() && console_typed_take(&byte)) {
        discipline_type(byte);
        is_news = true;
    }
    if (is_news && discipline_has_input())
        tty_input_signal_all();
    echo_flush();
}

void on_console_typed(void)
{
    take_typed();
}

enum status tty_write(const struct call *call, const struct lend *text)
{
    (void)call;
    if (text->bytes > sizeof written || lend_read(text, 0, written, text->bytes) != STATUS_OK)
        return STATUS_BAD_ARGUMENT;
    return console_write(written, text->bytes) == STATUS_OK ? STATUS_OK : (enum status)TTY_ERROR_IO;
}

// A client without room for the whole piece gets its beginning.
enum status tty_read(const struct call *call, uint64_t after, uint64_t *number, enum tty_kind *kind,
                     uint8_t *text, size_t text_room, size_t *text_bytes)
{
    (void)call;
    input_done(after);
    take_typed();
    discipline_give();
    const struct piece *first = input_first(number);

    if (first == NULL)
        return TTY_ERROR_EMPTY;
    *kind = (enum tty_kind)first->kind;
    *text_bytes = first->bytes < text_room ? first->bytes : text_room;
    if (*kind == TTY_KIND_INTERRUPT)
        *text_bytes = 0;
    memcpy(text, first->text, *text_bytes);
    return STATUS_OK;
}

enum status tty_set_modes(const struct call *call, uint64_t modes)
{
    (void)call;
    input_set_modes(modes);
    if (discipline_has_input())
        tty_input_signal_all();
    return STATUS_OK;
}

enum status tty_get_modes(const struct call *call, uint64_t *modes)
{
    (void)call;
    *modes = input_modes();
    return STATUS_OK;
}

int main(void)
{
    input_start();
    if (discipline_has_input())
        tty_input_signal_all();
    take_typed();  // what was typed before we were there
    event_loop_run();
}
