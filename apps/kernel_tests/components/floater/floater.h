// What a floater does, by the label of the call. SPDX-License-Identifier: BSD-2-Clause
#pragma once

enum float_request {
    FLOAT_AT_START = 1,  // how many words of the registers, and of their status, were not 0 when main began
    FLOAT_SET,           // (value): puts the value plus its number into each word
    FLOAT_CHECK,         // (value): how many words are no longer that
    FLOAT_COUNT,         // how many words there are
    FLOAT_FAULT,
};
