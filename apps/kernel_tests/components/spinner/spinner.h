// The board that a subject shares with its spinners: memory, so that looking at it makes nobody run.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

#define SPINNERS 4
#define SPIN_LOG 32

// What a poked spinner does.
enum spin_order {
    SPIN_COUNT = 1,  // counts without end
    SPIN_YIELD,      // writes its place into the log and yields, so many times
    SPIN_MARK,       // counts one, and waits for the next poke
    SPIN_CALL,       // has its server work for `time`; then writes its status and the time that took
};

struct spin_board {
    volatile uint64_t order[SPINNERS];
    volatile uint64_t count[SPINNERS];
    volatile uint64_t time[SPINNERS];
    volatile uint64_t status[SPINNERS];
    volatile uint64_t took[SPINNERS];
    volatile uint64_t logged;
    volatile uint8_t log[SPIN_LOG];
};
