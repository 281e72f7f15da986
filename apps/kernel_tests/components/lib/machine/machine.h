// Addresses that no component may reach, and a few pieces of machine code.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <machine_arch.h>

// Nothing is mapped there in any of the tests' components.
#define UNMAPPED 0x40000000ull
// The upper part of the user half, where a component maps what it makes.
#define WINDOW (USER_END / 2)
