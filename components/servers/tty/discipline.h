// The line discipline: what a typed byte does to the piece that is being typed, and what the terminal shows
// of it.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Takes a byte while there is room (input_has_room).
void discipline_type(uint8_t byte);

// Whether there is something to read. Bytes that were typed without `canonical` become a piece when they are
// asked for.
bool discipline_has_input(void);
void discipline_give(void);
