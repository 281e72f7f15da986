// The shared page through which the measured components tell each other when something happened.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

struct stamps {
    volatile uint64_t arrival;  // counter when echo got a request
    volatile uint64_t signal;   // counter when a listener got its signal
    volatile uint64_t fault;    // counter just before victim faulted
};
