// The facts by the device tree that firmware hands on.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/facts.h>

#include <arch/boot.h>
#include <kernel/fdt.h>

void facts_read(paddr_t handed, paddr_t inside, struct boot_facts *facts)
{
    if (handed == 0 || !fdt_read(arch_map_firmware(handed), ARCH_FIRMWARE_MAX, inside, facts))
        panic("the firmware passed no device tree");
    if (facts->memory_bytes == 0)
        panic("the device tree names no free memory at 0x%lx", inside);
}
