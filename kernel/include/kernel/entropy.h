// Random numbers for components: ChaCha20 keyed at boot, with a new key after each use.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/base.h>

// Mixes bytes into the key.
void entropy_seed(const void *bytes, uint32_t count);
// True once a seed from hardware or firmware was mixed in.
bool entropy_is_seeded(void);
// 256 bits; earlier output cannot be worked out from the state that stays.
void entropy_draw(uint64_t words[4]);
