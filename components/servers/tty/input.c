// See input.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "input.h"

#include <string.h>

#include <glue.h>
#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/persistent.h>

#define MAGIC     0x31797454u  // "Tty1"
#define PIECES    8u
#define ALL_MODES (TTY_MODES_CANONICAL | TTY_MODES_ECHO)

struct kept {
    uint32_t magic;
    uint32_t after_return;
    uint64_t modes;
    uint64_t done;  // the number of the last piece that is done with
    uint64_t last;  // of the last whole one
    struct piece pieces[PIECES];
};

_Static_assert(sizeof(struct kept) <= REGION_INPUT_BYTES, "the region `input` is too small");

#define KEPT ((struct kept *)REGION_INPUT_BASE)

static struct piece *piece(uint64_t number)
{
    return &KEPT->pieces[number % PIECES];
}

static bool counts_are_sound(void)
{
    return KEPT->done <= KEPT->last && KEPT->last - KEPT->done < PIECES && KEPT->last < UINT64_MAX / 2;
}

static void check_pieces(void)
{
    for (uint64_t number = KEPT->done + 1; number <= KEPT->last + 1; number++) {
        struct piece *one = piece(number);

        if (one->bytes <= PIECE_BYTES && (one->kind <= TTY_KIND_INTERRUPT || number > KEPT->last))
            continue;
        log_error("a piece of input makes no sense and is empty");
        one->bytes = 0;
        one->kind = TTY_KIND_BYTES;
    }
}

void input_start(void)
{
    if (KEPT->magic != MAGIC || !counts_are_sound() || (KEPT->modes & ~(uint64_t)ALL_MODES) != 0) {
        if (KEPT->magic == MAGIC)
            log_error("what was kept makes no sense and is gone");
        KEPT->magic = 0;
        persistent_order();
        memset(KEPT, 0, sizeof *KEPT);
        KEPT->modes = ALL_MODES;
        persistent_order();
        KEPT->magic = MAGIC;
    }
    check_pieces();
}

uint64_t input_modes(void)
{
    return KEPT->modes;
}

void input_set_modes(uint64_t modes)
{
    KEPT->modes = modes;
    persistent_order();
}

bool input_after_return(void)
{
    return KEPT->after_return != 0;
}

void input_set_after_return(bool is_after)
{
    KEPT->after_return = is_after;
    persistent_order();
}

const struct piece *input_typed(void)
{
    return piece(KEPT->last + 1);
}

void input_append(uint8_t byte)
{
    struct piece *typed = piece(KEPT->last + 1);

    if (typed->bytes >= PIECE_BYTES)
        panic("a piece is longer than it may be");
    typed->text[typed->bytes] = byte;
    persistent_order();
    typed->bytes++;
    persistent_order();
}

void input_cut(uint32_t bytes)
{
    piece(KEPT->last + 1)->bytes = bytes;
    persistent_order();
}

// Of PIECES places one is for the piece that is being typed, and the next one's must be free, too.
bool input_has_room(void)
{
    return KEPT->last + 2 - KEPT->done <= PIECES;
}

void input_finish(uint32_t kind)
{
    if (!input_has_room())
        panic("no room for a piece that was promised some");
    piece(KEPT->last + 1)->kind = kind;
    piece(KEPT->last + 2)->bytes = 0;
    persistent_order();
    KEPT->last++;
    persistent_order();
}

void input_done(uint64_t number)
{
    if (number > KEPT->done && number <= KEPT->last)
        KEPT->done = number;
    persistent_order();
}

const struct piece *input_first(uint64_t *number)
{
    *number = KEPT->done + 1;
    return KEPT->done < KEPT->last ? piece(*number) : NULL;
}
