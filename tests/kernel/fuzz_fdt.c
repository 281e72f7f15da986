// libFuzzer target of kernel/boot/fdt.c: the firmware's device tree is hostile input.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/fdt.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    struct boot_facts facts;

    if (fdt_read(data, bytes, 0x40200000, &facts) && facts.seed_bytes > sizeof facts.seed)
        __builtin_trap();
    return 0;
}
