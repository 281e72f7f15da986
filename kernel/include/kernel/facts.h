// What boot must know of the machine and only firmware can tell. One file provides it for those machines that hand on a device
// tree (boot/facts_tree.c); an architecture whose loaders tell it otherwise has its own.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/base.h>

struct boot_facts {
    paddr_t memory_base; // of the range of free memory that holds `inside`
    uint64_t memory_bytes;
    uint8_t seed[64];
    uint32_t seed_bytes; // 0: firmware has none
};

// `handed`: the physical address that firmware handed on. Panics when what is there says nothing of memory. It is hostile
// input.
void facts_read(paddr_t handed, paddr_t inside, struct boot_facts *facts);
