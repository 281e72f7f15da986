// What the loader tells of memory: by Multiboot 2, or by PVH (Xen, public/arch-x86/hvm/start_info.h). All of it is hostile input.
// A seed is not told; the core has a generator.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/facts.h>

#include "memory_map.h"
#include "registers.h"
#include "x86_64.h"

#include <arch/boot.h>

#define MULTIBOOT2_MAGIC 0x36d76289
#define PVH_MAGIC 0x336ec578
#define PVH_ENTRY_BYTES 24

struct start_info {
    uint32_t magic, version, flags, modules;
    uint64_t module_list, command_line, rsdp;
    uint64_t map;       // from version 1 on
    uint32_t map_count, reserved;
};

static bool pvh_map(paddr_t information, struct memory_map *map)
{
    struct start_info info;

    __builtin_memcpy(&info, arch_map_firmware(information), sizeof info);
    if (info.magic != PVH_MAGIC || info.version == 0 || info.map >> 32)
        return false;
    uint32_t count = (uint32_t)least(info.map_count, ARCH_FIRMWARE_MAX / PVH_ENTRY_BYTES);

    *map = (struct memory_map){arch_map_firmware(info.map), count, PVH_ENTRY_BYTES};
    return true;
}

char *trampoline_page;

void facts_read(paddr_t handed, paddr_t inside, struct boot_facts *facts)
{
    struct memory_map map;
    bool found = boot_protocol == MULTIBOOT2_MAGIC ? multiboot2_map(arch_map_firmware(handed), ARCH_FIRMWARE_MAX, &map)
                                                   : pvh_map(handed, &map);

    if (!found)
        panic("the loader passed no map of memory");
    if (memory_map_end(&map, TRAMPOLINE_PAGE) >= TRAMPOLINE_PAGE + PAGE_SIZE)
        trampoline_page = map_trampoline();
    *facts = (struct boot_facts){.memory_base = inside, .memory_bytes = memory_map_end(&map, inside) - inside};
}
