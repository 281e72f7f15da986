// See discipline.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "discipline.h"

#include <glue.h>

#include "echo.h"
#include "input.h"

#define CONTROL(letter) ((letter)&0x1f)
#define BELL            "\a"
#define DELETE          0x7f

static void show(const char *text)
{
    if (input_modes() & TTY_MODES_ECHO)
        echo(text);
}

static void show_byte(uint8_t byte)
{
    char plain[] = {(char)byte, 0}, control[] = {'^', (char)(byte ^ 0x40), 0};

    if (byte == '\r' || byte == '\n')
        show("\n");
    else
        show(byte >= ' ' && byte < DELETE ? plain : byte <= DELETE ? control : "?");
}

// --- Editing -----------------------------------------------------------------------------------------

static void cut(uint32_t bytes)
{
    for (uint32_t i = bytes; i < input_typed()->bytes; i++)
        show("\b \b");
    input_cut(bytes);
}

static void erase(void)
{
    if (input_typed()->bytes > 0)
        cut(input_typed()->bytes - 1);
}

// The blanks at the end, and what is before them up to another blank.
static void erase_word(void)
{
    const struct piece *typed = input_typed();
    uint32_t bytes = typed->bytes;

    while (bytes > 0 && typed->text[bytes - 1] == ' ')
        bytes--;
    while (bytes > 0 && typed->text[bytes - 1] != ' ')
        bytes--;
    cut(bytes);
}

// The line stays in the piece, so that it goes and the interrupt comes at once, but nobody is given it.
static void interrupt(void)
{
    show("^C\n");
    input_finish(TTY_KIND_INTERRUPT);
}

static void append(uint8_t byte)
{
    if (byte < ' ' || byte >= DELETE || input_typed()->bytes == PIECE_BYTES) {
        show(BELL);
        return;
    }
    input_append(byte);
    show_byte(byte);
}

static void edit(uint8_t byte)
{
    bool is_second_half = byte == '\n' && input_after_return();

    input_set_after_return(byte == '\r');
    switch (byte) {
    case '\r':
    case '\n':
        if (is_second_half)
            break;
        show("\n");
        input_finish(TTY_KIND_LINE);
        break;
    case CONTROL('H'):
    case DELETE: erase(); break;
    case CONTROL('U'): cut(0); break;
    case CONTROL('W'): erase_word(); break;
    case CONTROL('C'): interrupt(); break;
    case CONTROL('D'): input_finish(input_typed()->bytes > 0 ? TTY_KIND_BYTES : TTY_KIND_END); break;
    default: append(byte); break;
    }
}

// --- Bytes as they come --------------------------------------------------------------------------------

static bool is_canonical(void)
{
    return (input_modes() & TTY_MODES_CANONICAL) != 0;
}

static void take(uint8_t byte)
{
    if (input_typed()->bytes == PIECE_BYTES)
        input_finish(TTY_KIND_BYTES);
    input_append(byte);
    show_byte(byte);
}

void discipline_type(uint8_t byte)
{
    if (is_canonical())
        edit(byte);
    else
        take(byte);
}

bool discipline_has_input(void)
{
    uint64_t number;

    return input_first(&number) != NULL || (!is_canonical() && input_typed()->bytes > 0);
}

void discipline_give(void)
{
    uint64_t number;

    if (input_first(&number) == NULL && discipline_has_input())
        input_finish(TTY_KIND_BYTES);
}
