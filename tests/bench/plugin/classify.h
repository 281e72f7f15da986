// What an instruction is, beyond being one: those that cost more than one says, and those by which a program speaks to a plugin.
// Told from their encodings, which are those of the architectures' manuals. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stddef.h>

enum class_bits {
    CLASS_BARRIER = 1, // orders accesses or instructions: a fence, or what x86 calls serialising
    CLASS_TLB = 2,     // drops entries of a TLB
    CLASS_SWITCH = 4,  // writes the root of the user's address space
    CLASS_READING = 8, // reads the counter
    CLASS_ZERO = 16,   // tells a 0; see apps/bench/components/lib/tell
    CLASS_ONE = 32,
};

// Bits of enum class_bits. `target` is QEMU's name of the architecture; 0 for one that is not known.
unsigned classify(const char *target, const void *instruction, size_t bytes);
