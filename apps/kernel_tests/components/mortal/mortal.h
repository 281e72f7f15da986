// What a mortal does, by the label of the call.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

enum mortal_request {
    MORTAL_WRITE = 1,  // (value): to each place below
    MORTAL_READ,       // (place)
    MORTAL_FAULT,      // reads MORTAL_BAD_ADDRESS
    MORTAL_EXIT,       // (code)
    MORTAL_ARM,        // (ns): sets its timer to so long from now
    MORTAL_HOLD,       // never answers
    MORTAL_BELOW,      // (label): passes a call with that label on to the server below, then answers with its
                       // result
};

enum mortal_place {
    MORTAL_DATA,
    MORTAL_BSS,
    MORTAL_STACK,   // how many words of the unused stack were not 0 when main began
    MORTAL_REGION,  // persistent
    MORTAL_TICKS,   // how often its timer came
};

#define MORTAL_BAD_ADDRESS   0x18
#define MORTAL_DATA_AT_START 0x1234
