// What portable code may ask of any architecture's page tables.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/base.h>

// A component's address space. `tables` are its page-table pages, the root first, `used` of them taken.
struct vspace {
    uint64_t (*tables)[512];
    uint32_t table_count;
    uint32_t used;
    uint64_t root;    // what the hardware register takes
    paddr_t physical; // of the tables
    uint64_t *leaf;      // the table where arch_map() last was, which is that of ...
    uint64_t leaf_block; // ... this many times the memory of a table; UINT64_MAX: of nothing
};

// An address space with nothing mapped. The tables are zeroed.
void arch_vspace_init(struct vspace *vspace, uint64_t (*tables)[512], uint32_t count, uint16_t asid);

// Maps a page of physical memory at `address`. Takes missing tables from the vspace's storage; STATUS_NO_TABLE when none is
// left, STATUS_BAD_ARGUMENT when something is mapped there already or it is not a page of user addresses. `attribute` is an
// enum memory_attribute. On the core of its component, as what follows.
MUST_CHECK enum status arch_map(struct vspace *vspace, uaddr_t address, paddr_t page, uint8_t rights, uint8_t attribute);

// After STATUS_NO_TABLE for the page at `address`: this zeroed page becomes the next missing table on the way to it.
void arch_supply_table(struct vspace *vspace, uaddr_t address, paddr_t page);
// Forgets all that is mapped from `from` (ARCH_DYNAMIC_BASE, or 0) up. The tables there must be supplied ones; on
// return no core looks at them.
void arch_drop_tables(struct vspace *vspace, uaddr_t from);

// Unmaps whatever is mapped in the range; on return no core reaches those pages through it.
void arch_unmap(struct vspace *vspace, uaddr_t address, uint64_t pages);

// Software walk: the kernel's own view of what user code of `vspace` with `right` (RIGHT_READ or RIGHT_WRITE) would reach at
// `address`, up to the end of the page, on any core. NULL if it would fault, or if the page is device memory.
MUST_CHECK void *arch_user_pointer(const struct vspace *vspace, uaddr_t address, uint8_t right);

// The kernel's own view of physical RAM or of the image; NULL for anything else.
void *arch_physical(paddr_t base);
// Physical address of something in the kernel image.
paddr_t arch_image_physical(const void *pointer);
// A kernel mapping of device registers, made at boot. NULL: window full.
void *arch_map_device(paddr_t base, uint64_t bytes);

// Makes the vspace the one user addresses go through on this core.
static inline void arch_vspace_load(const struct vspace *vspace);

// Cleans data to the point where instruction fetch sees it.
void arch_sync_instructions(void *start, uint64_t bytes);

// Cleans data to memory itself, so that it is there after a reset.
void arch_clean(void *start, uint64_t bytes);

#include <arch_impl/mmu.h>
