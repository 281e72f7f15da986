// Random numbers for components: on each core a ChaCha20 keyed at boot, with a new key after each use.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

// Mixes bytes into the key.
void entropy_seed(const void *bytes, uint32_t count);
// 256 bits; earlier output cannot be worked out from the state that stays. False before a seed from hardware or firmware was
// mixed in.
MUST_CHECK bool entropy_draw(uint64_t words[4]);
// The key of another core, which has not started yet, is drawn from this one's.
void entropy_fork(struct entropy *other);
