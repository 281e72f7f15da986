// What the loader tells of memory, by Multiboot (0.6.96, 3.3). All of it is hostile input. A seed is not told; the core has
// a generator.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/facts.h>

#include "memory_map.h"
#include "registers.h"
#include "x86_64.h"

#include <arch/boot.h>

#define MULTIBOOT_LOADER 0x2badb002
#define HAS_MAP (1u << 6)

struct multiboot_information {
    uint32_t flags, lower_and_upper[2], boot_device, command_line, modules[2], symbols[4], map_bytes, map;
};

char *trampoline_page;

void facts_read(paddr_t handed, paddr_t inside, struct boot_facts *facts)
{
    struct multiboot_information told;

    __builtin_memcpy(&told, arch_map_firmware(handed), sizeof told);
    if (boot_protocol != MULTIBOOT_LOADER || !(told.flags & HAS_MAP))
        panic("the loader passed no map of memory");
    const struct memory_map_entry *map = arch_map_firmware(told.map);
    uint64_t count = least(told.map_bytes, ARCH_FIRMWARE_MAX) / sizeof *map;

    if (memory_map_end(map, count, TRAMPOLINE_PAGE) >= TRAMPOLINE_PAGE + PAGE_SIZE)
        trampoline_page = map_trampoline();
    *facts = (struct boot_facts){.memory_base = inside, .memory_bytes = memory_map_end(map, count, inside) - inside};
}
