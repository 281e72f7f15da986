// Loading: kernel, first file system and device tree go to where the builder has decided.
// SPDX-License-Identifier: BSD-2-Clause

#include "vmm.h"

#include <string.h>

#ifndef GUEST_KERNEL_BASE
#error "the guest of a vmm has a kernel: guests: {NAME: {kernel: debian:linux-image-cloud-arm64, ...}}"
#endif

static void *in_memory(uint64_t address)
{
    return (void *)(GUEST_MEMORY_BASE + (address - GUEST_RAM));
}

// A new one for each start, without which the guest's kernel waits for other sources.
static bool fill_seed(uint8_t *seed)
{
    uint64_t random[4];

    _Static_assert(sizeof random == GUEST_SEED_BYTES, "one draw is a seed");
    if (sys_entropy(SLOT_ENTROPY, random) != STATUS_OK)
        return false;
    memcpy(seed, random, sizeof random);
    return true;
}

bool load_guest(void)
{
    memset((void *)GUEST_MEMORY_BASE, 0, GUEST_MEMORY_BYTES); // nothing is left of an earlier one
    memcpy(in_memory(GUEST_KERNEL_ADDRESS), (const void *)GUEST_KERNEL_BASE, GUEST_KERNEL_BYTES);
#ifdef GUEST_INITRD_BASE
    memcpy(in_memory(GUEST_INITRD_ADDRESS), (const void *)GUEST_INITRD_BASE, GUEST_INITRD_BYTES);
#endif
    memcpy(in_memory(GUEST_TREE_ADDRESS), (const void *)GUEST_TREE_BASE, GUEST_TREE_BYTES);
    return fill_seed((uint8_t *)in_memory(GUEST_TREE_ADDRESS) + GUEST_SEED_OFFSET);
}
