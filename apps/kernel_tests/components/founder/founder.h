// What a founder does, by the label of the call.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

enum founder_request {
    FOUNDER_COUNT = 1,  // how many regions of one page its pool can make now
    FOUNDER_MAKE,  // makes a component that spins, and maps a page in its own window: the first status not OK
};
