// Translation of the fake machine: three levels of tables of 512 entries, as the real machines have, so that
// missing tables and tables from pools are tried here too. "Physical" addresses: RAM begins at HOST_RAM_BASE,
// devices at HOST_DEVICE_BASE, the image is where the process has it. SPDX-License-Identifier: BSD-2-Clause
#include "host.h"

#include <arch/boot.h>
#include <arch/mmu.h>
#include <kernel/layout.h>

#define ENTRIES      512
#define VALID        1ull
#define WRITABLE     2ull
#define DEVICE       4ull
#define ADDRESS_MASK 0x0000fffffffff000ull

uint8_t host_ram[HOST_RAM_BYTES] __attribute__((aligned(4096)));
const struct vspace *host_vspace;

static uint8_t devices[HOST_DEVICE_BYTES] __attribute__((aligned(4096)));
static uint8_t tree[PAGE_SIZE];
static bool ram_is_mapped;

paddr_t arch_ram_base = HOST_RAM_BASE;

bool arch_map_ram(paddr_t base, uint64_t bytes)
{
    ram_is_mapped = base >= HOST_RAM_BASE && base - HOST_RAM_BASE + bytes <= HOST_RAM_BYTES;
    return ram_is_mapped;
}

const void *arch_map_firmware(paddr_t address)
{
    static const uint8_t seed[32] = "a seed for tests, not a secret.";

    if (address != HOST_TREE)
        return NULL;
    host_tree_build(tree, sizeof tree, HOST_RAM_BASE, host.memory_bytes, seed, sizeof seed);
    return tree;
}

static bool in_ram(paddr_t base)
{
    return base - HOST_RAM_BASE < HOST_RAM_BYTES;
}

// The parts of the image that a layout maps: those its regions name.
static bool in_image(paddr_t base)
{
    for (uint32_t i = 0; i < layout_region_count; i++) {
        const struct layout_region *region = &layout_regions[i];

        if (region->source == MEMORY_IMAGE && base - (paddr_t)region->image < region->bytes)
            return true;
    }
    return false;
}

void *arch_physical(paddr_t base)
{
    if (in_ram(base))
        return ram_is_mapped ? host_ram + (base - HOST_RAM_BASE) : NULL;
    return in_image(base) ? (void *)base : NULL;
}

paddr_t arch_image_physical(const void *pointer)
{
    return (paddr_t)pointer;
}

void *arch_map_device(paddr_t base, uint64_t bytes)
{
    uint64_t offset = base - HOST_DEVICE_BASE;

    return offset < HOST_DEVICE_BYTES && bytes <= HOST_DEVICE_BYTES - offset ? devices + offset : NULL;
}

void arch_sync_instructions(void *start, uint64_t bytes)
{
    (void)start, (void)bytes;
}

void arch_clean(void *start, uint64_t bytes)
{
    (void)start, (void)bytes;
}

// --- Tables ----------------------------------------------------------------------------------

// Tables are in the image, or in a pool's pages.
static paddr_t table_physical(const void *table)
{
    uint64_t offset = (uint64_t)table - (uint64_t)host_ram;

    return offset < HOST_RAM_BYTES ? HOST_RAM_BASE + offset : (paddr_t)table;
}

static uint64_t *table_at(uint64_t entry)
{
    paddr_t physical = entry & ADDRESS_MASK;

    if (!(entry & VALID))
        return NULL;
    return in_ram(physical) ? arch_physical(physical) : (uint64_t *)physical;
}

static unsigned index_at(uaddr_t address, unsigned level)
{
    return address >> (PAGE_BITS + 9 * (2 - level)) & (ENTRIES - 1);
}

void arch_vspace_init(struct vspace *vspace, uint64_t (*tables)[512], uint32_t count, uint16_t asid)
{
    *vspace = (struct vspace){.tables = tables, .table_count = count, .used = 1};
    vspace->root = table_physical(tables) | (uint64_t)asid << 48;
}

// The entry for `address` in the table of `level`; NULL when a table above is missing and `grow` may not take
// one.
static uint64_t *entry_at(struct vspace *vspace, uaddr_t address, unsigned level, bool grow)
{
    uint64_t *table = vspace->tables[0];

    for (unsigned i = 0; i < level; i++) {
        uint64_t *entry = &table[index_at(address, i)];

        if (!(*entry & VALID)) {
            if (!grow || vspace->used == vspace->table_count)
                return NULL;
            *entry = table_physical(vspace->tables[vspace->used++]) | VALID;
        }
        table = table_at(*entry);
    }
    return &table[index_at(address, level)];
}

void arch_supply_table(struct vspace *vspace, uaddr_t address, paddr_t page)
{
    uint64_t *entry = entry_at(vspace, address, 0, false);

    if (*entry & VALID)
        entry = entry_at(vspace, address, 1, false);
    *entry = page | VALID;
}

void arch_drop_tables(struct vspace *vspace, uaddr_t from)
{
    for (unsigned i = index_at(from, 0); i < ENTRIES; i++)
        vspace->tables[0][i] = 0;
}

static bool range_is_user(uaddr_t address, uint64_t pages)
{
    return address % PAGE_SIZE == 0 && address < ARCH_USER_END &&
           pages <= (ARCH_USER_END - address) / PAGE_SIZE;
}

enum status arch_map(struct vspace *vspace, uaddr_t address, paddr_t page, uint8_t rights, uint8_t attribute)
{
    if (!range_is_user(address, 1) || ((rights & RIGHT_WRITE) && (rights & RIGHT_EXECUTE)))
        return STATUS_BAD_ARGUMENT;
    uint64_t *entry = entry_at(vspace, address, 2, true);

    if (entry == NULL)
        return STATUS_NO_TABLE;
    if (*entry & VALID)
        return STATUS_BAD_ARGUMENT;
    *entry = page | VALID | (rights & RIGHT_WRITE ? WRITABLE : 0) | (attribute == ATTRIBUTE_DEVICE ? DEVICE : 0);
    return STATUS_OK;
}

void arch_unmap(struct vspace *vspace, uaddr_t address, uint64_t pages)
{
    if (!range_is_user(address, pages))
        return;
    for (uint64_t i = 0; i < pages; i++) {
        uint64_t *entry = entry_at(vspace, address + i * PAGE_SIZE, 2, false);

        if (entry)
            *entry = 0;
    }
}

void *arch_user_pointer(const struct vspace *vspace, uaddr_t address, uint8_t right)
{
    uint64_t *entry = address < ARCH_USER_END ? entry_at((struct vspace *)vspace, address, 2, false) : NULL;

    if (entry == NULL || !(*entry & VALID) || (*entry & DEVICE))
        return NULL;
    if (right == RIGHT_WRITE && !(*entry & WRITABLE))
        return NULL;
    return arch_physical((*entry & ADDRESS_MASK) | address % PAGE_SIZE);
}
