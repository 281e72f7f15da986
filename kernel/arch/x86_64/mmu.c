// Page tables: 4 KiB pages, four levels (AMD APM 2, 5.3).
//
//   0xffff8000_00000000  RAM that regions are placed in, by 2 MiB pages, never executable
//   0xffffffff_80000000  the image, by pages: text RX, constants and payload R, data RW
//   0xffffffff_c0000000  the window: device registers and what the loader tells
//   below 2^39           the component that runs
//
// No page is mapped twice in the kernel: the RAM view begins behind the image. There are no address-space identifiers: a
// switch forgets the user's translations, and the kernel's are global.
// SPDX-License-Identifier: BSD-2-Clause
#include <arch/mmu.h>

#include "registers.h"
#include "x86_64.h"

#include <arch/boot.h>
#include <kernel/layout.h>
#include <kernel/stacks.h>

#define RAM_BASE 0xffff800000000000ull
#define WINDOW_BASE 0xffffffffc0000000ull
#define BLOCK_SIZE 0x200000ull
#define ENTRIES 512
#define RAM_TABLES 4    // 1 GiB each
#define WINDOW_PAGES 512
#define FIRMWARE_BLOCK 2 // of the window: two blocks of 2 MiB

#define PRESENT (1ull << 0)
#define WRITE (1ull << 1)
#define USER (1ull << 2)
#define UNCACHED (3ull << 3) // PCD, PWT
#define ACCESSED (1ull << 5)
#define DIRTY (1ull << 6)
#define LARGE (1ull << 7)
#define GLOBAL (1ull << 8)
#define DEVICE (1ull << 9) // free for software: what the walk must refuse
#define NO_EXECUTE (1ull << 63)
#define ADDRESS_MASK 0x000ffffffffff000ull

#define KERNEL_TEXT (PRESENT | GLOBAL | ACCESSED)
#define KERNEL_CONSTANT (KERNEL_TEXT | NO_EXECUTE)
#define KERNEL_DATA (KERNEL_CONSTANT | WRITE | DIRTY)
#define KERNEL_TABLE (PRESENT | WRITE)
#define USER_TABLE (PRESENT | WRITE | USER)

typedef uint64_t page_table[ENTRIES] __attribute__((aligned(4096)));

extern char _head[], __text_end[], __rodata_end[], __image_end[];
extern page_table __image_tables[]; // as many as the image has 2 MiB blocks, from the linker script

static page_table kernel_root, top_level3, image_level2, ram_level3, ram_level2[RAM_TABLES], window_level2, window_level1;
paddr_t arch_ram_base;
static uint64_t ram_bytes;
static unsigned window_used;

static uint64_t index_at(unsigned level, uint64_t address)
{
    return address >> (12 + 9 * (level - 1)) & (ENTRIES - 1);
}

// --- The kernel's own view -------------------------------------------------------------------

paddr_t arch_image_physical(const void *pointer)
{
    return (uint64_t)pointer - IMAGE_BASE + LOAD_BASE;
}

static uint64_t table_entry(const void *table)
{
    return arch_image_physical(table) | KERNEL_TABLE;
}

static uint64_t *image_entry(const char *page)
{
    return (uint64_t *)__image_tables + (uint64_t)(page - _head) / PAGE_SIZE;
}

static void map_image_part(const char *page, const char *end, uint64_t attributes)
{
    for (uint64_t *entry = image_entry(page); page < end; page += PAGE_SIZE)
        *entry++ = arch_image_physical(page) | attributes;
}

static void map_image(void)
{
    map_image_part(_head, __text_end, KERNEL_TEXT);
    map_image_part(__text_end, __rodata_end, KERNEL_CONSTANT);
    map_image_part(__rodata_end, __image_end, KERNEL_DATA);
    for (uint32_t i = 0; i < core_count; i++)
        *image_entry(core_stacks[i].guard) = *image_entry(core_stacks[i].panic_guard) = 0;
    for (uint64_t block = 0; block * BLOCK_SIZE < (uint64_t)(__image_end - _head); block++)
        image_level2[block] = table_entry(&__image_tables[block]);
}

void mmu_use_tables(void)
{
    WRITE_CONTROL(cr3, arch_image_physical(kernel_root));
    // Large pages of the way up were not global, so they are gone.
}

void mmu_build_tables(void)
{
    map_image();
    top_level3[index_at(3, IMAGE_BASE)] = table_entry(image_level2);
    top_level3[index_at(3, WINDOW_BASE)] = table_entry(window_level2);
    window_level2[0] = table_entry(window_level1);
    for (unsigned i = 0; i < RAM_TABLES; i++)
        ram_level3[i] = table_entry(ram_level2[i]);
    kernel_root[index_at(4, IMAGE_BASE)] = table_entry(top_level3);
    kernel_root[index_at(4, RAM_BASE)] = table_entry(ram_level3);
    arch_ram_base = (arch_image_physical(__image_end) + BLOCK_SIZE - 1) & ~(BLOCK_SIZE - 1);
    mmu_use_tables();
}

bool arch_map_ram(paddr_t base, uint64_t bytes)
{
    uint64_t blocks = (bytes + BLOCK_SIZE - 1) / BLOCK_SIZE;

    if (blocks > RAM_TABLES * ENTRIES)
        return false;
    for (uint64_t i = 0; i < blocks; i++)
        ram_level2[i / ENTRIES][i % ENTRIES] = (base + i * BLOCK_SIZE) | KERNEL_DATA | LARGE;
    ram_bytes = blocks * BLOCK_SIZE;
    return true;
}

void *arch_physical(paddr_t base)
{
    uint64_t in_ram = base - arch_ram_base, in_image = base - LOAD_BASE;

    if (in_ram < ram_bytes)
        return (void *)(RAM_BASE + in_ram);
    if (in_image < (uint64_t)(__rodata_end - _head))
        return _head + in_image;
    return NULL;
}

static void *map_window(paddr_t base, uint64_t bytes, uint64_t attributes)
{
    uint64_t first = base & ~(PAGE_SIZE - 1), pages = (base + bytes - first + PAGE_SIZE - 1) / PAGE_SIZE;
    uint64_t address = WINDOW_BASE + window_used * PAGE_SIZE;

    if (pages > WINDOW_PAGES - window_used)
        return NULL;
    for (uint64_t i = 0; i < pages; i++)
        window_level1[window_used++] = (first + i * PAGE_SIZE) | attributes;
    return (void *)(address + (base - first));
}

void *arch_map_device(paddr_t base, uint64_t bytes)
{
    return map_window(base, bytes, KERNEL_DATA | UNCACHED);
}

void *map_trampoline(void)
{
    return map_window(TRAMPOLINE_PAGE, PAGE_SIZE, KERNEL_DATA);
}

// Two blocks, since what is told may begin anywhere in the first. What was mapped here before is forgotten.
const void *arch_map_firmware(paddr_t information)
{
    paddr_t block = information & ~(BLOCK_SIZE - 1);
    uint64_t address = WINDOW_BASE + FIRMWARE_BLOCK * BLOCK_SIZE;

    for (unsigned i = 0; i < 2; i++) {
        window_level2[FIRMWARE_BLOCK + i] = (block + i * BLOCK_SIZE) | KERNEL_CONSTANT | LARGE;
        __asm__ volatile("invlpg (%0)" : : "r"(address + i * BLOCK_SIZE) : "memory");
    }
    return (const void *)(address + (information - block));
}

// --- Address spaces of components ------------------------------------------------------------

// A table is in the image, or in a pool's page.
static paddr_t table_physical(const void *table)
{
    uint64_t in_ram = (uint64_t)table - RAM_BASE;

    return in_ram < ram_bytes ? arch_ram_base + in_ram : arch_image_physical(table);
}

void arch_vspace_init(struct vspace *vspace, uint64_t (*tables)[512], uint32_t count, uint16_t asid)
{
    *vspace = (struct vspace){.tables = tables, .table_count = count, .used = 1, .leaf_block = UINT64_MAX};
    vspace->physical = table_physical(tables);
    vspace->root = vspace->physical;
    // The kernel's half: nothing else of it is used.
    tables[0][index_at(4, IMAGE_BASE)] = kernel_root[index_at(4, IMAGE_BASE)];
    tables[0][index_at(4, RAM_BASE)] = kernel_root[index_at(4, RAM_BASE)];
}

// The table an entry points at, in the vspace's own storage or a pool; NULL if the entry is empty.
static inline uint64_t *next_table(const struct vspace *vspace, uint64_t entry)
{
    if (!(entry & PRESENT))
        return NULL;
    paddr_t table = entry & ADDRESS_MASK;
    uint64_t index = (table - vspace->physical) / PAGE_SIZE;

    return index < vspace->table_count ? vspace->tables[index] : arch_physical(table);
}

void arch_supply_table(struct vspace *vspace, uaddr_t address, paddr_t page)
{
    uint64_t *entry = &vspace->tables[0][index_at(4, address)];

    for (unsigned level = 3; *entry & PRESENT; level--)
        entry = &next_table(vspace, *entry)[index_at(level, address)];
    *entry = page | USER_TABLE;
}

// User addresses are below one entry of the root; the table it leads to stays, unless all goes.
void arch_drop_tables(struct vspace *vspace, uaddr_t from)
{
    uint64_t *level3 = next_table(vspace, vspace->tables[0][0]);

    vspace->leaf_block = UINT64_MAX;
    for (uint64_t i = index_at(3, from); level3 && i < ENTRIES; i++)
        level3[i] = 0;
    if (from == 0)
        vspace->tables[0][0] = 0;
    if (READ_CONTROL(cr3) == vspace->root)
        WRITE_CONTROL(cr3, vspace->root);
}

static uint64_t *need_table(struct vspace *vspace, uint64_t *entry)
{
    if (*entry & PRESENT)
        return next_table(vspace, *entry);
    if (vspace->used == vspace->table_count)
        return NULL;
    uint64_t *table = vspace->tables[vspace->used++];

    *entry = table_physical(table) | USER_TABLE;
    return table;
}

static uint64_t page_attributes(uint8_t rights, uint8_t attribute)
{
    uint64_t bits = PRESENT | USER | ACCESSED;

    if (attribute == ATTRIBUTE_DEVICE)
        bits |= DEVICE | UNCACHED;
    if (rights & RIGHT_WRITE)
        bits |= WRITE | DIRTY;
    if (!(rights & RIGHT_EXECUTE))
        bits |= NO_EXECUTE;
    return bits;
}

static bool range_is_user(uaddr_t address, uint64_t pages)
{
    return address % PAGE_SIZE == 0 && address < ARCH_USER_END && pages <= (ARCH_USER_END - address) / PAGE_SIZE;
}

// The last table; NULL if one is missing, and could not be taken if it is to be.
static uint64_t *find_level1(struct vspace *vspace, uaddr_t address, bool take)
{
    uint64_t *table = vspace->tables[0];

    for (unsigned level = 4; level > 1 && table; level--) {
        uint64_t *entry = &table[index_at(level, address)];

        table = take ? need_table(vspace, entry) : next_table(vspace, *entry);
    }
    return table;
}

static inline uint64_t *find_entry(const struct vspace *vspace, uaddr_t address)
{
    uint64_t *level1 = find_level1((struct vspace *)vspace, address, false);

    return level1 ? &level1[index_at(1, address)] : NULL;
}

static inline enum status map_in_leaf(struct vspace *vspace, uaddr_t address, paddr_t page, uint8_t rights, uint8_t attribute)
{
    uint64_t *entry = &vspace->leaf[index_at(1, address)];

    if (*entry & PRESENT)
        return STATUS_BAD_ARGUMENT;
    *entry = page | page_attributes(rights, attribute); // that a page was missing is not remembered
    return STATUS_OK;
}

// Of a page in another table than the one before.
static NOINLINE enum status map_elsewhere(struct vspace *vspace, uaddr_t address, paddr_t page, uint8_t rights, uint8_t attribute)
{
    uint64_t *table = find_level1(vspace, address, true);

    if (table == NULL)
        return STATUS_NO_TABLE;
    vspace->leaf = table;
    vspace->leaf_block = address / BLOCK_SIZE;
    return map_in_leaf(vspace, address, page, rights, attribute);
}

enum status arch_map(struct vspace *vspace, uaddr_t address, paddr_t page, uint8_t rights, uint8_t attribute)
{
    if (address % PAGE_SIZE || address >= ARCH_USER_END || ((rights & RIGHT_WRITE) && (rights & RIGHT_EXECUTE)))
        return STATUS_BAD_ARGUMENT;
    if (UNLIKELY(vspace->leaf_block != address / BLOCK_SIZE))
        return map_elsewhere(vspace, address, page, rights, attribute);
    return map_in_leaf(vspace, address, page, rights, attribute);
}

// If it is not the one that is loaded, the core remembers nothing of it.
void arch_unmap(struct vspace *vspace, uaddr_t address, uint64_t pages)
{
    if (!range_is_user(address, pages))
        return;
    for (uint64_t i = 0; i < pages; i++) {
        uint64_t *entry = find_entry(vspace, address + i * PAGE_SIZE);

        if (entry == NULL || !(*entry & PRESENT))
            continue;
        *entry = 0;
        __asm__ volatile("invlpg (%0)" : : "r"(address + i * PAGE_SIZE) : "memory");
    }
}

void *arch_user_pointer(const struct vspace *vspace, uaddr_t address, uint8_t right)
{
    const uint64_t *entry = address < ARCH_USER_END ? find_entry(vspace, address) : NULL;
    uint64_t needed = right == RIGHT_WRITE ? WRITE : 0;

    if (entry == NULL || (*entry & (PRESENT | DEVICE | needed)) != (PRESENT | needed))
        return NULL;
    return arch_physical((*entry & ADDRESS_MASK) | address % PAGE_SIZE);
}

// Caches of code and data agree by themselves; crossing to user code serialises.
void arch_sync_instructions(void *start, uint64_t bytes)
{
}

void arch_clean(void *start, uint64_t bytes)
{
    for (uint64_t i = 0; i < bytes; i += CACHE_LINE)
        __asm__ volatile("clflush (%0)" : : "r"((char *)start + i) : "memory");
    __asm__ volatile("mfence" : : : "memory");
}
