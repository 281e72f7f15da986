// What a ticker does, by the label of the call.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

enum tick_request {
    TICK_ARM = 1,  // (ns): sets the timer to so long from now
    TICK_LATE,     // how late it came, in ns; TICK_NOT_YET before it did
};

#define TICK_NOT_YET ~0ull
