// What was typed, in numbered pieces, and the modes: all that a restart must not lose, in a persistent
// region.
//
// The piece after the last whole one is being typed. It becomes whole by the count alone, so whenever the tty
// ends, each byte is in one piece. The region is checked at each start as if somebody else had written it.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PIECE_BYTES 256u

struct piece {
    uint32_t kind;  // enum tty_kind, of a whole one
    uint32_t bytes;
    uint8_t text[PIECE_BYTES];
};

// Checks what an earlier life left. A region that never was a tty's is empty, with both modes on.
void input_start(void);

uint64_t input_modes(void);
void input_set_modes(uint64_t modes);

// Whether the last byte was a return; a newline right behind it is no second line's end.
bool input_after_return(void);
void input_set_after_return(bool is_after);

// The piece that is being typed.
const struct piece *input_typed(void);
void input_append(uint8_t byte);
void input_cut(uint32_t bytes);

// Whether it may become whole.
bool input_has_room(void);

// It is whole; the next one is empty.
void input_finish(uint32_t kind);

// Pieces up to this number are done with. One that was never given changes nothing.
void input_done(uint64_t number);

// The first whole piece that is not done with, and its number; NULL: there is none.
const struct piece *input_first(uint64_t *number);
