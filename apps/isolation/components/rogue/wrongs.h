// What a driver can do wrong. The director asks for them by number, in this order.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

enum wrong {
    WRONG_HANG,     // loops
    WRONG_STORM,    // lets its device interrupt it without end
    WRONG_READ,     // reads from anywhere
    WRONG_WRITE,    // writes to anywhere
    WRONG_JUMP,     // jumps to anywhere
    WRONG_OUTGROW,  // has no end to its stack
    WRONG_SMASH,    // overwrites the frames of its callers
    WRONG_GUESS,    // makes all system calls with anything
    WRONGS
};

// Does one of them, but for the storm, from a seed. Returns, if ever, with something left undone.
void do_wrong(enum wrong wrong, uint64_t seed);
