// The two things the kernel takes from the firmware's device tree: how much memory there is, and a seed. Memory ends
// where the first range behind `inside` begins that the tree reserves for others.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/facts.h>

// Reads a flattened device tree of at most `limit` bytes. False if it is not one. The tree is hostile input.
bool fdt_read(const void *tree, uint64_t limit, paddr_t inside, struct boot_facts *facts);
