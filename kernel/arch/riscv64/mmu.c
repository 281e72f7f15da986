// Page tables: Sv39, 4 KiB pages, three levels (RISC-V privileged architecture, 10.4).
//
//   0xffffffc0_00000000  RAM that regions are placed in, by 2 MiB blocks, never executable
//   0xffffffff_80000000  the image, by pages: text RX, constants and payload R, data RW
//   0xffffffff_c0000000  the window: device registers and the firmware's device tree
//   below 2^38           the component that runs
//
// There is one root register: every component's root holds the kernel's upper half as well, as global entries, not
// accessible to user code. Those entries are complete before the first component is made.
// SPDX-License-Identifier: BSD-2-Clause
#include <arch/mmu.h>

#include <arch/boot.h>
#include <kernel/layout.h>
#include <kernel/stacks.h>

#define IMAGE_BASE 0xffffffff80000000ull
#define RAM_BASE 0xffffffc000000000ull
#define WINDOW_BASE 0xffffffffc0000000ull
#define BLOCK_SIZE 0x200000ull
#define ENTRIES 512
#define KERNEL_HALF 256 // first root entry of the upper half
#define RAM_TABLES 4    // 1 GiB each
#define WINDOW_PAGES 512
#define SATP_SV39 (8ull << 60)
#define SATP_ASID_SHIFT 44

#define VALID (1ull << 0)
#define READ (1ull << 1)
#define WRITE (1ull << 2)
#define EXECUTE (1ull << 3)
#define USER (1ull << 4)
#define GLOBAL (1ull << 5)
#define ACCESSED (1ull << 6)
#define DIRTY (1ull << 7)
#define DEVICE (1ull << 8) // reserved for software: what the walk must refuse
#define ADDRESS_SHIFT 10
#define ADDRESS_MASK 0x00fffffffffff000ull

#define KERNEL_TEXT (VALID | READ | EXECUTE | GLOBAL | ACCESSED)
#define KERNEL_CONSTANT (VALID | READ | GLOBAL | ACCESSED)
#define KERNEL_DATA (VALID | READ | WRITE | GLOBAL | ACCESSED | DIRTY)

typedef uint64_t page_table[ENTRIES] __attribute__((aligned(4096)));

extern char _head[], __text_end[], __rodata_end[], __image_end[];
extern page_table __image_tables[]; // as many as the image has 2 MiB blocks, from the linker script

static page_table kernel_root, image_level1, ram_level1[RAM_TABLES], window_level1, window_level0;
static page_table identity_root;
static uint64_t image_to_physical; // physical - linked address
paddr_t arch_ram_base;
static uint64_t ram_bytes;
static unsigned window_used;

static uint64_t entry_of(paddr_t base, uint64_t attributes)
{
    return base >> 12 << ADDRESS_SHIFT | attributes;
}

static paddr_t entry_address(uint64_t entry)
{
    return entry >> ADDRESS_SHIFT << 12 & ADDRESS_MASK;
}

static uint64_t index_at(unsigned level, uint64_t address)
{
    return address >> (12 + 9 * level) & (ENTRIES - 1);
}

// --- Before the MMU is on: only addresses relative to the program counter ---------------------

static uint64_t *image_entry(const char *page)
{
    return (uint64_t *)__image_tables + (uint64_t)(page - _head) / PAGE_SIZE;
}

static void map_image_part(const char *page, const char *end, uint64_t attributes)
{
    for (uint64_t *entry = image_entry(page); page < end; page += PAGE_SIZE)
        *entry++ = entry_of((uint64_t)page, attributes);
}

static void map_image(uint64_t base)
{
    map_image_part(_head, __text_end, KERNEL_TEXT);
    map_image_part(__text_end, __rodata_end, KERNEL_CONSTANT);
    map_image_part(__rodata_end, __image_end, KERNEL_DATA);
    for (uint32_t i = 0; i < core_count; i++)
        *image_entry(core_stacks[i].guard) = *image_entry(core_stacks[i].panic_guard) = 0;
    for (uint64_t block = 0; block * BLOCK_SIZE < (uint64_t)__image_end - base; block++)
        image_level1[block] = entry_of((uint64_t)&__image_tables[block], VALID);
}

struct boot_roots {
    uint64_t identity; // satp: the kernel, and the 1 GiB the image is in at its physical address
    uint64_t kernel;   // satp: the kernel alone
};

// Runs at the physical address, MMU off.
struct boot_roots mmu_build_tables(uint64_t physical);
struct boot_roots mmu_build_tables(uint64_t physical)
{
    map_image(physical);
    kernel_root[index_at(2, IMAGE_BASE)] = entry_of((uint64_t)image_level1, VALID);
    kernel_root[index_at(2, WINDOW_BASE)] = entry_of((uint64_t)window_level1, VALID);
    window_level1[0] = entry_of((uint64_t)window_level0, VALID);
    for (unsigned i = 0; i < RAM_TABLES; i++)
        kernel_root[KERNEL_HALF + i] = entry_of((uint64_t)ram_level1[i], VALID);
    for (unsigned i = KERNEL_HALF; i < ENTRIES; i++)
        identity_root[i] = kernel_root[i];
    identity_root[index_at(2, physical)] = entry_of(physical >> 30 << 30, VALID | READ | EXECUTE | ACCESSED);
    image_to_physical = physical - IMAGE_BASE;
    arch_ram_base = (physical + (uint64_t)(__image_end - _head) + BLOCK_SIZE - 1) & ~(BLOCK_SIZE - 1);
    return (struct boot_roots){SATP_SV39 | (uint64_t)identity_root >> 12, SATP_SV39 | (uint64_t)kernel_root >> 12};
}

// --- The kernel's own view -------------------------------------------------------------------

paddr_t arch_image_physical(const void *pointer)
{
    return (uint64_t)pointer + image_to_physical;
}

static void finish_map(void)
{
    __asm__ volatile("sfence.vma" : : : "memory");
}

bool arch_map_ram(paddr_t base, uint64_t bytes)
{
    uint64_t blocks = (bytes + BLOCK_SIZE - 1) / BLOCK_SIZE;

    if (blocks > RAM_TABLES * ENTRIES)
        return false;
    for (uint64_t i = 0; i < blocks; i++)
        ram_level1[i / ENTRIES][i % ENTRIES] = entry_of(base + i * BLOCK_SIZE, KERNEL_DATA);
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
        window_level0[window_used++] = entry_of(first + i * PAGE_SIZE, KERNEL_DATA);
    finish_map();
    return (void *)(address + (base - first));
}

// Two blocks, since the tree may begin anywhere in the first.
const void *arch_map_firmware(paddr_t tree)
{
    paddr_t block = tree & ~(BLOCK_SIZE - 1);

    window_level1[2] = entry_of(block, KERNEL_CONSTANT);
    window_level1[3] = entry_of(block + BLOCK_SIZE, KERNEL_CONSTANT);
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
    vspace->root = SATP_SV39 | (uint64_t)asid << SATP_ASID_SHIFT | vspace->physical >> 12;
    // The kernel's half: nothing else of it is used.
    for (unsigned i = 0; i < RAM_TABLES; i++)
        tables[0][KERNEL_HALF + i] = kernel_root[KERNEL_HALF + i];
    tables[0][index_at(2, IMAGE_BASE)] = kernel_root[index_at(2, IMAGE_BASE)];
    tables[0][index_at(2, WINDOW_BASE)] = kernel_root[index_at(2, WINDOW_BASE)];
}

static uint64_t asid_of(const struct vspace *vspace)
{
    return vspace->root >> SATP_ASID_SHIFT & 0xffff;
}

// The table an entry points at, in the vspace's own storage or a pool; NULL if the entry is empty.
static inline uint64_t *next_table(const struct vspace *vspace, uint64_t entry)
{
    if (!(entry & VALID))
        return NULL;
    paddr_t table = entry_address(entry);
    uint64_t index = (table - vspace->physical) / PAGE_SIZE;

    return index < vspace->table_count ? vspace->tables[index] : arch_physical(table);
}

void arch_supply_table(struct vspace *vspace, uaddr_t address, paddr_t page)
{
    uint64_t *entry = &vspace->tables[0][index_at(2, address)];

    if (*entry & VALID)
        entry = &next_table(vspace, *entry)[index_at(1, address)];
    __asm__ volatile("fence w, w" : : : "memory"); // the page's zeroes before the entry that leads to them
    *entry = entry_of(page, VALID);
    finish_map();
}

void arch_drop_tables(struct vspace *vspace, uaddr_t from)
{
    vspace->leaf_block = UINT64_MAX;
    for (uint64_t i = index_at(2, from); i < KERNEL_HALF; i++)
        vspace->tables[0][i] = 0;
    __asm__ volatile("sfence.vma zero, %0" : : "r"(asid_of(vspace)) : "memory");
}

static uint64_t *need_table(struct vspace *vspace, uint64_t *entry)
{
    if (*entry & VALID)
        return next_table(vspace, *entry);
    if (vspace->used == vspace->table_count)
        return NULL;
    uint64_t *table = vspace->tables[vspace->used++];

    *entry = entry_of(table_physical(table), VALID);
    return table;
}

// The last table; NULL if it is missing, and could not be taken if it is to be.
static uint64_t *find_level0(struct vspace *vspace, uaddr_t address, bool take)
{
    uint64_t *entry = &vspace->tables[0][index_at(2, address)];
    uint64_t *level1 = take ? need_table(vspace, entry) : next_table(vspace, *entry);

    if (level1 == NULL)
        return NULL;
    entry = &level1[index_at(1, address)];
    return take ? need_table(vspace, entry) : next_table(vspace, *entry);
}

static inline uint64_t *find_entry(const struct vspace *vspace, uaddr_t address)
{
    uint64_t *level0 = find_level0((struct vspace *)vspace, address, false);

    return level0 ? &level0[index_at(0, address)] : NULL;
}

static uint64_t page_attributes(uint8_t rights, uint8_t attribute)
{
    uint64_t bits = VALID | READ | USER | ACCESSED;

    if (attribute == ATTRIBUTE_DEVICE)
        bits |= DEVICE;
    if (rights & RIGHT_WRITE)
        bits |= WRITE | DIRTY;
    if (rights & RIGHT_EXECUTE)
        bits |= EXECUTE;
    return bits;
}

static bool range_is_user(uaddr_t address, uint64_t pages)
{
    return address % PAGE_SIZE == 0 && address < ARCH_USER_END && pages <= (ARCH_USER_END - address) / PAGE_SIZE;
}

static inline enum status map_in_leaf(struct vspace *vspace, uaddr_t address, paddr_t page, uint8_t rights, uint8_t attribute)
{
    uint64_t *entry = &vspace->leaf[index_at(0, address)];

    if (*entry & VALID)
        return STATUS_BAD_ARGUMENT;
    *entry = entry_of(page, page_attributes(rights, attribute));
    // An implementation may remember that the page was invalid.
    __asm__ volatile("sfence.vma %0, %1" : : "r"(address), "r"(asid_of(vspace)) : "memory");
    return STATUS_OK;
}

// Of a page in another table than the one before.
static NOINLINE enum status map_elsewhere(struct vspace *vspace, uaddr_t address, paddr_t page, uint8_t rights, uint8_t attribute)
{
    uint64_t *table = find_level0(vspace, address, true);

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
    if (!range_is_user(address, pages))
        return;
    for (uint64_t i = 0; i < pages; i++) {
        uaddr_t at = address + i * PAGE_SIZE;
        uint64_t *entry = find_entry(vspace, at);

        if (entry == NULL || !(*entry & VALID))
            continue;
        *entry = 0;
        __asm__ volatile("sfence.vma %0, %1" : : "r"(at), "r"(asid_of(vspace)) : "memory");
    }
}

void *arch_user_pointer(const struct vspace *vspace, uaddr_t address, uint8_t right)
{
    const uint64_t *entry = address < ARCH_USER_END ? find_entry(vspace, address) : NULL;
    uint64_t needed = right == RIGHT_WRITE ? WRITE : 0;

    if (entry == NULL || (*entry & (VALID | DEVICE | needed)) != (VALID | needed))
        return NULL;
    return arch_physical(entry_address(*entry) | address % PAGE_SIZE);
}

void arch_sync_instructions(void *start, uint64_t bytes)
{
    __asm__ volatile("fence.i" : : : "memory");
}

// Caches are coherent with all that reads memory on the boards we know, and a reset keeps them so.
void arch_clean(void *start, uint64_t bytes)
{
}
