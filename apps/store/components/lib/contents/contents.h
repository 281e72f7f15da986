// What a keeper puts: bytes that follow from its name, the key and a number, so that whoever reads them can
// tell whether they are whole.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stddef.h>
#include <stdint.h>

#define VALUE_BYTES 4032u
#define PUBLISHED   "news of "  // and the keeper's name: its published key
#define SEEN        "seen by "  // and the keeper's name: the follower's answer, a number

// SplitMix64's output for a state (Steele, Lea, Flood 2014).
uint64_t mixed(uint64_t state);

// Returns how many bytes it made.
size_t contents_make(const char *keeper, const char *key, uint64_t number, uint8_t value[VALUE_BYTES]);

// The number whose contents these are, all of them; 0: of none.
uint64_t contents_number(const char *keeper, const char *key, const uint8_t *value, size_t bytes);
