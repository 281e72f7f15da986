// Names in directories.
// SPDX-License-Identifier: BSD-2-Clause

#include "directory.h"

#include <string.h>

#include "bitmap.h"
#include "cache.h"
#include "inode.h"
#include "zone_map.h"

bool name_is_good(const char *name)
{
    size_t length = strnlen(name, NAME_BYTES + 1);

    return length > 0 && length <= NAME_BYTES && memchr(name, '/', length) == NULL && strcmp(name, ".") != 0 &&
           strcmp(name, "..") != 0;
}

bool entry_name_is_good(const char name[NAME_BYTES])
{
    char text[NAME_BYTES + 1] = {0};

    memcpy(text, name, NAME_BYTES);
    for (size_t i = strnlen(text, NAME_BYTES); i < NAME_BYTES; i++) {
        if (text[i] != 0)
            return false;
    }
    return name_is_good(text);
}

enum status directory_read(uint32_t number, struct inode *inode)
{
    enum status status = inode_read(number, inode);

    if (status == STATUS_OK && inode_kind(inode) != FILE_SYSTEM_KIND_DIRECTORY)
        return FILE_SYSTEM_ERROR_NOT_DIRECTORY;
    return status;
}

static enum status place_of(const struct inode *inode, uint32_t slot, uint32_t *zone, uint32_t *offset)
{
    *offset = slot % ENTRIES_PER_BLOCK * (uint32_t)sizeof(struct directory_entry);
    return zone_map_find(inode, slot / ENTRIES_PER_BLOCK, zone);
}

enum status directory_slot(const struct inode *inode, uint32_t slot, struct directory_entry *entry)
{
    uint32_t zone, offset;
    enum status status = place_of(inode, slot, &zone, &offset);

    if (status == STATUS_OK && zone != 0)
        return cache_read(zone, offset, entry, sizeof *entry);
    memset(entry, 0, sizeof *entry);
    return status;
}

enum status directory_next(const struct inode *inode, uint32_t *slot, struct directory_entry *entry)
{
    for (; *slot < directory_slots(inode); ++*slot) {
        enum status status = directory_slot(inode, *slot, entry);

        if (status != STATUS_OK || entry->inode != 0)
            return status;
    }
    return FILE_SYSTEM_ERROR_ABSENT;
}

static void fill(struct directory_entry *entry, uint32_t leads_to, const char *name)
{
    *entry = (struct directory_entry){.inode = leads_to};
    memcpy(entry->name, name, strnlen(name, NAME_BYTES));
}

enum status directory_set(const struct inode *inode, uint32_t slot, uint32_t leads_to, const char *name)
{
    struct directory_entry entry;
    uint32_t zone, offset;
    enum status status = place_of(inode, slot, &zone, &offset);

    if (status != STATUS_OK)
        return status;
    if (zone == 0)
        return FILE_SYSTEM_ERROR_DAMAGED;
    fill(&entry, leads_to, name);
    return cache_write(zone, offset, &entry, sizeof entry);
}

enum status directory_find(const struct inode *inode, const char *name, uint32_t *slot, uint32_t *leads_to)
{
    struct directory_entry wanted, entry;
    enum status status;

    fill(&wanted, 0, name);
    *slot = FIRST_SLOT;
    while ((status = directory_next(inode, slot, &entry)) == STATUS_OK) {
        if (memcmp(entry.name, wanted.name, NAME_BYTES) == 0) {
            *leads_to = entry.inode;
            return is_inode_number(entry.inode) ? STATUS_OK : (enum status)FILE_SYSTEM_ERROR_DAMAGED;
        }
        ++*slot;
    }
    return status;
}

// A zone of free slots in place of the hole at `index`.
static enum status fill_hole(uint32_t number, struct inode *inode, uint32_t index)
{
    uint32_t zone;
    enum status status = zone_map_prepare(number, inode, index);

    if (status == STATUS_OK)
        status = bitmap_allocate(MAP_ZONES, &zone);
    if (status == STATUS_OK)
        status = cache_clear(zone);
    if (status == STATUS_OK)
        status = cache_barrier();
    if (status == STATUS_OK)
        status = zone_map_set(inode, index, zone);
    return status;
}

// The directory's size becomes whole blocks: those slots that it did not reach yet are free, on the disk, before it does.
static enum status round_up(const struct inode *inode)
{
    static const struct directory_entry free_slot;
    enum status status = STATUS_OK;

    for (uint32_t slot = directory_slots(inode); status == STATUS_OK && slot % ENTRIES_PER_BLOCK != 0; slot++) {
        uint32_t zone, offset;

        status = place_of(inode, slot, &zone, &offset);
        if (status == STATUS_OK && zone != 0)
            status = cache_write(zone, offset, &free_slot, sizeof free_slot);
    }
    return status == STATUS_OK ? cache_barrier() : status;
}

static enum status grow(uint32_t number, struct inode *inode)
{
    uint32_t past = inode->size % BLOCK_BYTES;
    enum status status;

    if (inode->size > geometry.largest_file - BLOCK_BYTES)
        return FILE_SYSTEM_ERROR_NO_SPACE;
    status = past != 0 ? round_up(inode) : fill_hole(number, inode, inode->size / BLOCK_BYTES);
    if (status != STATUS_OK)
        return status;
    inode->size += BLOCK_BYTES - past;
    return inode_write(number, inode);
}

static enum status find_free(const struct inode *inode, uint32_t *slot)
{
    struct directory_entry entry;

    for (*slot = FIRST_SLOT; *slot < directory_slots(inode); ++*slot) {
        enum status status = directory_slot(inode, *slot, &entry);

        if (status != STATUS_OK || entry.inode == 0)
            return status;
    }
    return STATUS_OK;
}

enum status directory_reserve(uint32_t number, struct inode *inode, uint32_t *slot)
{
    uint32_t zone;
    enum status status = find_free(inode, slot);

    if (status == STATUS_OK && *slot == directory_slots(inode))
        status = grow(number, inode);
    if (status == STATUS_OK)
        status = zone_map_find(inode, *slot / ENTRIES_PER_BLOCK, &zone);
    if (status != STATUS_OK || zone != 0)
        return status;
    status = fill_hole(number, inode, *slot / ENTRIES_PER_BLOCK);
    return status == STATUS_OK ? inode_write(number, inode) : status;
}

enum status directory_check_empty(const struct inode *inode)
{
    struct directory_entry entry;
    uint32_t slot = FIRST_SLOT;
    enum status status = directory_next(inode, &slot, &entry);

    if (status == (enum status)FILE_SYSTEM_ERROR_ABSENT)
        return STATUS_OK;
    return status == STATUS_OK ? (enum status)FILE_SYSTEM_ERROR_NOT_EMPTY : status;
}

enum status directory_make(uint32_t zone, uint32_t self, uint32_t parent)
{
    struct directory_entry entries[2];
    enum status status = cache_clear(zone);

    fill(&entries[SLOT_SELF], self, ".");
    fill(&entries[SLOT_PARENT], parent, "..");
    return status == STATUS_OK ? cache_write(zone, 0, entries, sizeof entries) : status;
}
