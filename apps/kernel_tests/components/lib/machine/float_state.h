// Every register of floating point. Include this first: what follows it in a file does not use them on its
// own. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

#include <float_state_arch.h>

// FLOAT_WORDS of 64 bits hold all data registers.
static inline void float_load(const uint64_t words[FLOAT_WORDS]);
static inline void float_store(uint64_t words[FLOAT_WORDS]);
static inline uint64_t float_status(void);
