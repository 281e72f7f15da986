// Second stage of translation: 39-bit addresses from level 1, as those of components, 2 MiB blocks wherever they fit (Arm ARM D5.4).
// A guest's memory is mapped at boot and never changes, so nothing is ever invalidated after that.
// SPDX-License-Identifier: BSD-2-Clause
#include "vm.h"

#include <arch/mmu.h>

#define BLOCK_SIZE 0x200000ull
#define ENTRIES 512
#define VALID (1ull << 0)
#define TABLE (1ull << 1) // or, at level 3, a page
#define WRITE_BACK (0xfull << 2)
#define READ (1ull << 6)
#define WRITE (1ull << 7)
#define SHAREABLE (3ull << 8)
#define ACCESSED (1ull << 10)
#define NO_EXECUTE (2ull << 53)
#define ADDRESS_MASK 0x0000fffffffff000ull

struct stage2 {
    const struct layout_guest *guest;
    uint32_t used;
};

static uint64_t *next_table(struct stage2 *stage2, uint64_t *entry)
{
    paddr_t first = arch_image_physical(stage2->guest->tables);

    if (!(*entry & VALID)) {
        if (stage2->used == stage2->guest->table_count)
            panic("layout: guest %s has too few tables", layout_components[stage2->guest->component].name);
        *entry = (first + stage2->used++ * PAGE_SIZE) | VALID | TABLE;
    }
    return stage2->guest->tables[((*entry & ADDRESS_MASK) - first) / PAGE_SIZE];
}

// Maps what one entry covers, at level 2 or 3. Returns how much.
static uint64_t map_one(struct stage2 *stage2, uaddr_t address, paddr_t base, uint64_t bytes, uint64_t attributes)
{
    uint64_t *level2 = next_table(stage2, &stage2->guest->tables[0][address >> 30]);
    uint64_t *entry = &level2[address >> 21 & (ENTRIES - 1)];

    if (bytes >= BLOCK_SIZE && (address | base) % BLOCK_SIZE == 0) {
        *entry = base | attributes;
        return BLOCK_SIZE;
    }
    next_table(stage2, entry)[address >> 12 & (ENTRIES - 1)] = base | attributes | TABLE;
    return PAGE_SIZE;
}

void arch_guest_map(const struct layout_guest *guest)
{
    struct stage2 stage2 = {.guest = guest, .used = 1};
    const struct layout_component *layout = &layout_components[guest->component];

    for (uint32_t i = 0; i < guest->mapping_count; i++) {
        const struct layout_mapping *mapping = &layout_mappings[guest->mapping_first + i];
        const struct region *region = &regions[mapping->region];
        uint64_t attributes = VALID | WRITE_BACK | READ | SHAREABLE | ACCESSED | (mapping->rights & RIGHT_WRITE ? WRITE : 0) |
                              (mapping->rights & RIGHT_EXECUTE ? 0 : NO_EXECUTE);

        if (region->attribute != ATTRIBUTE_CACHED || mapping->address >= ARCH_USER_END ||
            region->bytes > ARCH_USER_END - mapping->address)
            panic("layout: guest %s: mapping %u cannot be", layout->name, i);
        for (uint64_t at = 0; at < region->bytes;)
            at += map_one(&stage2, mapping->address + at, region->base + at, region->bytes - at, attributes);
    }
    __asm__ volatile("dsb ishst" : : : "memory");
    for (uint32_t i = 0; i < layout->thread_count; i++) {
        struct vcpu *vcpu = &vcpus[layout->thread_first - layout_vcpu_first + i];

        vcpu->vttbr = arch_image_physical(guest->tables) | (uint64_t)(guest - layout_guests + 1) << 48;
        vcpu->vmpidr = 1ull << 31 | i;
        vcpu->core = components[guest->component].core;
        vcpu->kernel = guest_cores[vcpu->core->index].kernel;
    }
}

// EL2's own map without VHE: the kernel's, by its low 39 bits, and where the image begins, read only, what EL2 executes.
uint64_t guest_stub_tables(void)
{
    extern char _head[];
    extern uint64_t kernel_root[ENTRIES];
    static uint64_t root[ENTRIES] __attribute__((aligned(4096))), identity[ENTRIES] __attribute__((aligned(4096)));
    paddr_t image = arch_image_physical(_head);

    for (unsigned i = 0; i < ENTRIES; i++)
        root[i] = kernel_root[i];
    root[image >> 30 & (ENTRIES - 1)] = arch_image_physical(identity) | VALID | TABLE;
    // AttrIndx 1, AP[2] read only, AP[1] RES1
    identity[image >> 21 & (ENTRIES - 1)] = image | VALID | 1ull << 2 | 1ull << 6 | 1ull << 7 | SHAREABLE | ACCESSED;
    __asm__ volatile("dsb ishst" : : : "memory");
    return arch_image_physical(root);
}
