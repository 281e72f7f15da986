// What a borrower does, by the label of the call, with the first lend (words 6 and 7) unless it says
// otherwise. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define BORROWER_BYTES 0x10000
#define BORROWER_FILL  0xb0

enum borrow {
    BORROW_IN = 1,  // (offset, bytes): copies in to its buffer; result: status, first 8 bytes of the buffer
    BORROW_OUT,     // (offset, bytes): fills the buffer with BORROWER_FILL and copies out; result: status
    BORROW_IN_SECOND,  // the same with the second lend
    BORROW_SEE,        // the words of the first lend as they arrived: address, bytes and flags
    BORROW_SUM,        // sum of the bytes of the buffer
    BORROW_TO,         // (own address, bytes): copies in from offset 0 to that address; result: status
    BORROW_PASS,  // (how often, rights): lends on all but the first 8 bytes, so often, then reads or writes
                  // (by right)
    BORROW_PAST,  // (offset, bytes): lends on that part of it, then has all of it read; result: status
    BORROW_LATE,  // answers first, then copies in by the old token; the status is the answer to
                  // BORROW_LATE_STATUS
    BORROW_LATE_STATUS,
    BORROW_TOKEN,  // (token): copies in by that token instead; result: status
};
