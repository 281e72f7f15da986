// Where a component's address space is its own to fill at run time.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define ARCH_DYNAMIC_MEMORY (1ull << 38)
