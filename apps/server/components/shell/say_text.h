// Text from anybody.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "say.h"

// What is no printable ASCII, end of line or tab is a dot; a return is left out.
static inline void say_text(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        bool is_shown = (text[i] >= ' ' && text[i] <= '~') || text[i] == '\n' || text[i] == '\t';

        if (text[i] != '\r')
            say_bytes(is_shown ? &text[i] : ".", 1);
    }
}
