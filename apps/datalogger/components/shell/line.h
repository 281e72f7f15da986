// Editing of one line: what to show for each byte that is typed, and when the line is complete.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_BYTES 128u

struct line {
    char text[LINE_BYTES];  // ends with 0
    size_t length;
    bool after_return;      // a "\n" right behind a "\r" is no second line
};

enum line_step {
    LINE_GOES_ON,
    LINE_COMPLETE,   // take `text`, then line_clear
    LINE_CANCELLED,  // control-C; line_clear is done
};

// Takes one typed byte; what the terminal should show for it is appended through `echo`, at most 4 bytes and their count.
enum line_step line_type(struct line *line, uint8_t byte, char echo[4], size_t *echo_bytes);

void line_clear(struct line *line);
