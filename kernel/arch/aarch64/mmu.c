// Page tables: 4 KiB granule, 39-bit addresses, levels 1 to 3 (Arm ARM D5.2, D5.3).
//
//   0xffffff80_00000000  RAM that regions are placed in, by 2 MiB blocks, never executable
//   0xffffffff_80000000  the image, by pages: text RX, constants and payload R, data RW
//   0xffffffff_c0000000  the window: device registers and the firmware's device tree
//   below 2^39           the component that runs
//
// No page is mapped twice in the kernel: the RAM view begins behind the image.
// SPDX-License-Identifier: BSD-2-Clause
#include <arch/mmu.h>

#include <arch/boot.h>
#include <kernel/layout.h>
#include <kernel/stacks.h>

#define IMAGE_BASE 0xffffffff80000000ull
#define RAM_BASE 0xffffff8000000000ull
#define WINDOW_BASE 0xffffffffc0000000ull
#define BLOCK_SIZE 0x200000ull
#define ENTRIES 512
#define RAM_TABLES 4    // 1 GiB each
#define WINDOW_PAGES 512

#define VALID (1ull << 0)
#define TABLE (1ull << 1) // at levels 1, 2: next table; at level 3: page
#define PAGE (1ull << 1)
#define ATTRIBUTE_NORMAL (1ull << 2) // MAIR index
#define USER (1ull << 6)       // AP[1]
#define READ_ONLY (1ull << 7)  // AP[2]
#define SHAREABLE (3ull << 8)
#define ACCESSED (1ull << 10)
#define NOT_GLOBAL (1ull << 11)
#define KERNEL_XN (1ull << 53)
#define USER_XN (1ull << 54)
#define ADDRESS_MASK 0x0000fffffffff000ull

#define NORMAL (VALID | ATTRIBUTE_NORMAL | SHAREABLE | ACCESSED)
#define KERNEL_TEXT (NORMAL | READ_ONLY | USER_XN)
#define KERNEL_CONSTANT (NORMAL | READ_ONLY | USER_XN | KERNEL_XN)
#define KERNEL_DATA (NORMAL | USER_XN | KERNEL_XN)
#define KERNEL_DEVICE (VALID | ACCESSED | USER_XN | KERNEL_XN)

typedef uint64_t page_table[ENTRIES] __attribute__((aligned(4096)));

extern char _head[], __text_end[], __rodata_end[], __image_end[];
extern page_table __image_tables[]; // as many as the image has 2 MiB blocks, from the linker script

page_table kernel_root;
static page_table image_level2, ram_level2[RAM_TABLES], window_level2, window_level3;
static page_table empty_root, identity_level2;
page_table identity_root; // of head.S, for every core that starts
uint64_t empty_root_physical;
static uint64_t image_to_physical; // physical - linked address
paddr_t arch_ram_base;
static uint64_t ram_bytes;
static unsigned window_used;

// --- Before the MMU is on: only addresses relative to the program counter ---------------------

static uint64_t level1_index(uint64_t address)
{
    return address >> 30 & (ENTRIES - 1);
}

static uint64_t level2_index(uint64_t address)
{
    return address >> 21 & (ENTRIES - 1);
}

static uint64_t level3_index(uint64_t address)
{
    return address >> 12 & (ENTRIES - 1);
}

static uint64_t *image_entry(const char *page)
{
    return (uint64_t *)__image_tables + (uint64_t)(page - _head) / PAGE_SIZE;
}

static void map_image_part(const char *page, const char *end, uint64_t attributes)
{
    for (uint64_t *entry = image_entry(page); page < end; page += PAGE_SIZE)
        *entry++ = (uint64_t)page | attributes | PAGE;
}

static void map_image(uint64_t base)
{
    map_image_part(_head, __text_end, KERNEL_TEXT);
    map_image_part(__text_end, __rodata_end, KERNEL_CONSTANT);
    map_image_part(__rodata_end, __image_end, KERNEL_DATA);
    for (uint32_t i = 0; i < core_count; i++)
        *image_entry(core_stacks[i].guard) = *image_entry(core_stacks[i].panic_guard) = 0;
    for (uint64_t block = 0; block * BLOCK_SIZE < (uint64_t)__image_end - base; block++)
        image_level2[block] = (uint64_t)&__image_tables[block] | VALID | TABLE;
}

// Runs at the physical address, MMU off. Returns the root of an identity map of the 2 MiB block the head is in.
uint64_t mmu_build_tables(uint64_t physical);
uint64_t mmu_build_tables(uint64_t physical)
{
    map_image(physical);
    kernel_root[level1_index(IMAGE_BASE)] = (uint64_t)image_level2 | VALID | TABLE;
    kernel_root[level1_index(WINDOW_BASE)] = (uint64_t)window_level2 | VALID | TABLE;
    window_level2[0] = (uint64_t)window_level3 | VALID | TABLE;
    for (unsigned i = 0; i < RAM_TABLES; i++)
        kernel_root[i] = (uint64_t)ram_level2[i] | VALID | TABLE;

    identity_root[level1_index(physical)] = (uint64_t)identity_level2 | VALID | TABLE;
    identity_level2[level2_index(physical)] = physical | KERNEL_TEXT;
    empty_root_physical = (uint64_t)empty_root;
    image_to_physical = physical - IMAGE_BASE;
    arch_ram_base = (physical + (uint64_t)(__image_end - _head) + BLOCK_SIZE - 1) & ~(BLOCK_SIZE - 1);
    return (uint64_t)identity_root;
}

// --- The kernel's own view -------------------------------------------------------------------

paddr_t arch_image_physical(const void *pointer)
{
    return (uint64_t)pointer + image_to_physical;
}

static void finish_map(void)
{
    __asm__ volatile("dsb ishst\n\tisb" : : : "memory");
}

bool arch_map_ram(paddr_t base, uint64_t bytes)
{
    uint64_t blocks = (bytes + BLOCK_SIZE - 1) / BLOCK_SIZE;

    if (blocks > RAM_TABLES * ENTRIES)
        return false;
    for (uint64_t i = 0; i < blocks; i++)
        ram_level2[i / ENTRIES][i % ENTRIES] = (base + i * BLOCK_SIZE) | KERNEL_DATA;
    ram_bytes = blocks * BLOCK_SIZE;
    finish_map();
    return true;
}

void *arch_physical(paddr_t base)
{
    uint64_t in_ram = base - arch_ram_base, in_image = base - arch_image_physical(_head);

    if (in_ram < ram_bytes)
        return (void *)(RAM_BASE + in_ram);
    if (in_image < (uint64_t)(__rodata_end - _head))
        return _head + in_image;
    return NULL;
}

void *arch_map_device(paddr_t base, uint64_t bytes)
{
    uint64_t first = base & ~(PAGE_SIZE - 1), pages = (base + bytes - first + PAGE_SIZE - 1) / PAGE_SIZE;
    uint64_t address = WINDOW_BASE + window_used * PAGE_SIZE;

    if (pages > WINDOW_PAGES - window_used)
        return NULL;
    for (uint64_t i = 0; i < pages; i++)
        window_level3[window_used++] = (first + i * PAGE_SIZE) | KERNEL_DEVICE | PAGE;
    finish_map();
    return (void *)(address + (base - first));
}

// Two blocks, since the tree may begin anywhere in the first.
const void *arch_map_firmware(paddr_t tree)
{
    paddr_t block = tree & ~(BLOCK_SIZE - 1);

    window_level2[2] = block | KERNEL_CONSTANT;
    window_level2[3] = (block + BLOCK_SIZE) | KERNEL_CONSTANT;
    finish_map();
    return (const void *)(WINDOW_BASE + 2 * BLOCK_SIZE + (tree - block));
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
    vspace->root = vspace->physical | (uint64_t)asid << 48;
}

// The table an entry points at, in the vspace's own storage; NULL if the entry is empty.
static inline uint64_t *next_table(const struct vspace *vspace, uint64_t entry)
{
    if (!(entry & VALID))
        return NULL;
    paddr_t table = entry & ADDRESS_MASK;
    uint64_t index = (table - vspace->physical) / PAGE_SIZE;

    return index < vspace->table_count ? vspace->tables[index] : arch_physical(table);
}

void arch_supply_table(struct vspace *vspace, uaddr_t address, paddr_t page)
{
    uint64_t *entry = &vspace->tables[0][level1_index(address)];

    if (*entry & VALID)
        entry = &next_table(vspace, *entry)[level2_index(address)];
    finish_map(); // the page's zeroes before the entry that leads to them
    *entry = page | VALID | TABLE;
    finish_map();
}

void arch_drop_tables(struct vspace *vspace, uaddr_t from)
{
    vspace->leaf_block = UINT64_MAX;
    for (uint64_t i = level1_index(from); i < ENTRIES; i++)
        vspace->tables[0][i] = 0;
    __asm__ volatile("dsb ishst\n\ttlbi aside1is, %0\n\tdsb ish\n\tisb"
                     :
                     : "r"(vspace->root & 0xffff000000000000ull)
                     : "memory");
}

static uint64_t *need_table(struct vspace *vspace, uint64_t *entry)
{
    if (*entry & VALID)
        return next_table(vspace, *entry);
    if (vspace->used == vspace->table_count)
        return NULL;
    uint64_t *table = vspace->tables[vspace->used++];

    *entry = table_physical(table) | VALID | TABLE;
    return table;
}

// The level 3 table; NULL if it is missing, and could not be taken if it is to be.
static uint64_t *find_level3(struct vspace *vspace, uaddr_t address, bool take)
{
    uint64_t *entry = &vspace->tables[0][level1_index(address)];
    uint64_t *level2 = take ? need_table(vspace, entry) : next_table(vspace, *entry);

    if (level2 == NULL)
        return NULL;
    entry = &level2[level2_index(address)];
    return take ? need_table(vspace, entry) : next_table(vspace, *entry);
}

static inline uint64_t *find_entry(const struct vspace *vspace, uaddr_t address)
{
    uint64_t *level3 = find_level3((struct vspace *)vspace, address, false);

    return level3 ? &level3[level3_index(address)] : NULL;
}

static uint64_t page_attributes(uint8_t rights, uint8_t attribute)
{
    uint64_t bits = VALID | PAGE | ACCESSED | USER | NOT_GLOBAL | KERNEL_XN;

    if (attribute != ATTRIBUTE_DEVICE)
        bits |= ATTRIBUTE_NORMAL | SHAREABLE;
    if (!(rights & RIGHT_WRITE))
        bits |= READ_ONLY;
    if (!(rights & RIGHT_EXECUTE))
        bits |= USER_XN;
    return bits;
}

static bool range_is_user(uaddr_t address, uint64_t pages)
{
    return address % PAGE_SIZE == 0 && address < ARCH_USER_END && pages <= (ARCH_USER_END - address) / PAGE_SIZE;
}

static inline enum status map_in_leaf(struct vspace *vspace, uaddr_t address, paddr_t page, uint8_t rights, uint8_t attribute)
{
    uint64_t *entry = &vspace->leaf[level3_index(address)];

    if (*entry & VALID)
        return STATUS_BAD_ARGUMENT;
    *entry = page | page_attributes(rights, attribute);
    finish_map();
    return STATUS_OK;
}

// Of a page in another table than the one before.
static NOINLINE enum status map_elsewhere(struct vspace *vspace, uaddr_t address, paddr_t page, uint8_t rights, uint8_t attribute)
{
    uint64_t *table = find_level3(vspace, address, true);

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

void arch_unmap(struct vspace *vspace, uaddr_t address, uint64_t pages)
{
    uint64_t asid = vspace->root & 0xffff000000000000ull;

    if (!range_is_user(address, pages))
        return;
    for (uint64_t i = 0; i < pages; i++) {
        uint64_t *entry = find_entry(vspace, address + i * PAGE_SIZE);

        if (entry == NULL || !(*entry & VALID))
            continue;
        *entry = 0;
        __asm__ volatile("dsb ishst\n\ttlbi vae1is, %0" : : "r"(asid | ((address >> 12) + i)) : "memory");
    }
    __asm__ volatile("dsb ish\n\tisb" : : : "memory");
}

void *arch_user_pointer(const struct vspace *vspace, uaddr_t address, uint8_t right)
{
    const uint64_t *entry = address < ARCH_USER_END ? find_entry(vspace, address) : NULL;

    if (entry == NULL || (*entry & (VALID | ATTRIBUTE_NORMAL | (right == RIGHT_WRITE ? READ_ONLY : 0))) != (VALID | ATTRIBUTE_NORMAL))
        return NULL;
    return arch_physical((*entry & ADDRESS_MASK) | address % PAGE_SIZE);
}

void arch_sync_instructions(void *start, uint64_t bytes)
{
    for (uint64_t i = 0; i < bytes; i += CACHE_LINE)
        __asm__ volatile("dc cvau, %0" : : "r"((char *)start + i) : "memory");
    __asm__ volatile("dsb ish\n\tic ialluis\n\tdsb ish\n\tisb" : : : "memory");
}

void arch_clean(void *start, uint64_t bytes)
{
    for (uint64_t i = 0; i < bytes; i += CACHE_LINE)
        __asm__ volatile("dc cvac, %0" : : "r"((char *)start + i) : "memory");
    __asm__ volatile("dsb sy" : : : "memory");
}
