// Reading the system's state: for shells and tests, by capability only.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

#define INSPECT_WORDS 6

MUST_CHECK enum status inspect(uint64_t what, uint64_t index, uint64_t index2, uint64_t out[INSPECT_WORDS]);

// Index of the object among the static ones of its type; UINT32_MAX for one made at run time, 0 for singletons.
uint32_t inspect_object_index(const struct cap *cap);

// Debug builds: prints `cap INSTANCE SLOT TYPE RIGHTS BADGE OBJECT` for every static capability, in hexadecimal but the slot.
void dump_capabilities(void);
