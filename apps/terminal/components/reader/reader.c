// Reader: says each piece of input, and changes the modes on request.
//
// It keeps nothing: a new life is given the piece again that the one before was not done with.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <tenon/event_loop.h>
#include <tenon/panic.h>

#define PIECE_BYTES 256u
#define WRITE_BYTES 1024u
#define ESCAPE      4u                            // "\xNN"
#define SHOWN_BYTES (64u + PIECE_BYTES * ESCAPE)  // with a kind and a number

static uint64_t number;  // of the last piece that was said
static char shown[SHOWN_BYTES];

static void must(enum status status, const char *what)
{
    if (status != STATUS_OK)
        panic("%s: status %d", what, (int)status);
}

static void write_all(const char *text, size_t bytes)
{
    for (size_t part; bytes > 0; text += part, bytes -= part) {
        part = bytes < WRITE_BYTES ? bytes : WRITE_BYTES;
        must(tty_write(text, part), "write");
    }
}

static void set_modes(uint64_t modes, const char *name)
{
    must(tty_set_modes(modes), "set_modes");
    write_all(name, strlen(name));
}

static size_t show_text(char *to, const uint8_t *text, size_t bytes)
{
    size_t used = 0;

    for (size_t i = 0; i < bytes; i++) {
        if (text[i] >= ' ' && text[i] <= '~')
            to[used++] = (char)text[i];
        else
            used += (size_t)snprintf(to + used, ESCAPE + 1, "\\x%02x", text[i]);
    }
    return used;
}

static void say(enum tty_kind kind, const uint8_t *text, size_t bytes)
{
    static const char *const names[] = {"line", "bytes", "end of file", "interrupt"};
    size_t used = (size_t)snprintf(shown, sizeof shown, "\n%s %" PRIu64 ": `", names[kind], number);

    used += show_text(shown + used, text, bytes);
    used += (size_t)snprintf(shown + used, sizeof shown - used, "`\n");
    write_all(shown, used);
}

void on_tty_input(void)
{
    uint8_t text[PIECE_BYTES];
    enum tty_kind kind;
    enum status status;
    size_t bytes;

    while ((status = tty_read(number, &number, &kind, text, sizeof text, &bytes)) == STATUS_OK) {
        say(kind, text, bytes);
        if (kind == TTY_KIND_LINE && bytes == 3 && memcmp(text, "raw", 3) == 0)
            set_modes(0, "raw\n");
        if (kind == TTY_KIND_BYTES && memchr(text, 'q', bytes) != NULL)
            set_modes(TTY_MODES_CANONICAL | TTY_MODES_ECHO, "canonical\n");
    }
    if (status != (enum status)TTY_ERROR_EMPTY)
        must(status, "read");
}

int main(void)
{
    on_tty_input();
    event_loop_run();
}
