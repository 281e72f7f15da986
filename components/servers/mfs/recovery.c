// First the tree from the root, counting; then everything counted against what the disk says; only then the repairs.
// Everything that is read may be wrong: each inode is scanned once, each zone number followed once.
// SPDX-License-Identifier: BSD-2-Clause

#include "recovery.h"

#include <string.h>

#include <config.h>

#include "bitmap.h"
#include "cache.h"
#include "directory.h"
#include "inode.h"
#include "zone_map.h"

#define WORDS(bits)  ((bits) / 64 + 1)
#define INODE_WORDS  WORDS(CONFIG_INODES)
#define ZONE_WORDS   WORDS(CONFIG_ZONES)
#define COUNT_MAX    LINKS_MAX // and one more can be counted

static uint64_t reached[INODE_WORDS]; // inodes that have a name
static uint64_t to_scan[INODE_WORDS]; // directories among them
static uint64_t named[INODE_WORDS];   // directories that have a name where their `..` leads
static uint64_t used[ZONE_WORDS];
static uint16_t counts[CONFIG_INODES + 1]; // names of each inode

static struct recovery_result found;
static uint32_t zones_beyond; // zones beyond the size of their file

// The one directory that was being moved: has a name here, and its `..` leads elsewhere. 0: none.
static struct {
    uint32_t number;
    uint32_t parent; // where `..` leads
    uint32_t in;     // where the name is
    uint32_t slot;
} moved;

static bool is_set(const uint64_t *bits, uint32_t bit)
{
    return bits[bit / 64] >> bit % 64 & 1;
}

static void set(uint64_t *bits, uint32_t bit)
{
    bits[bit / 64] |= 1ull << bit % 64;
}

static enum status damage(const char *why, uint32_t where)
{
    found.why = why;
    found.where = where;
    return FILE_SYSTEM_ERROR_DAMAGED;
}

// --- Counting ---------------------------------------------------------------------------------------------

static enum status check_bit(enum map map, uint32_t number, uint32_t where)
{
    bool in_use;
    enum status status = bitmap_is_set(map, number, &in_use);

    return status == STATUS_OK && !in_use ? damage("something in use is marked as free", where) : status;
}

static bool is_beyond(const struct inode *inode, const struct zone_pointer *pointer)
{
    return (uint64_t)pointer->first * BLOCK_BYTES >= inode->size;
}

// What lies beyond the size is not followed: it may belong to somebody else by now.
static enum status count_zones(uint32_t number, const struct inode *inode)
{
    struct zone_walk walk;
    struct zone_pointer pointer;
    enum status status;

    zone_walk_start(&walk, inode);
    while ((status = zone_walk_next(&walk, &pointer)) == STATUS_OK && pointer.zone != 0) {
        if (is_beyond(inode, &pointer)) {
            zones_beyond++;
            zone_walk_skip(&walk);
            continue;
        }
        if (!is_data_zone(pointer.zone))
            return damage("a zone is outside the disk", number);
        if (is_set(used, pointer.zone))
            return damage("a zone is used twice", number);
        set(used, pointer.zone);
        status = check_bit(MAP_ZONES, pointer.zone, number);
        if (status != STATUS_OK)
            return status;
    }
    return status;
}

// A name leads to this inode.
static enum status reach(uint32_t number, struct inode *inode)
{
    enum status status = inode_read_unchecked(number, inode);

    if (status != STATUS_OK)
        return status;
    if (!inode_is_good(inode))
        return damage("an inode with a name makes no sense", number);
    if (counts[number] >= COUNT_MAX)
        return damage("an inode has too many names", number);
    counts[number]++;
    if (is_set(reached, number))
        return STATUS_OK;
    set(reached, number);
    if (inode_kind(inode) == FILE_SYSTEM_KIND_DIRECTORY)
        set(to_scan, number);
    status = check_bit(MAP_INODES, number, number);
    return status == STATUS_OK && inode_has_zones(inode) ? count_zones(number, inode) : status;
}

static enum status check_named_directory(uint32_t in, uint32_t slot, uint32_t number, const struct inode *inode)
{
    struct directory_entry parent;
    enum status status = directory_slot(inode, SLOT_PARENT, &parent);

    if (status != STATUS_OK)
        return status;
    if (number == ROOT_INODE)
        return damage("the root has a name", in);
    if (!is_inode_number(parent.inode))
        return damage("`..` leads to no inode", number);
    if (parent.inode == in) {
        if (is_set(named, number))
            return damage("a directory has two names", number);
        set(named, number);
        return STATUS_OK;
    }
    if (moved.number != 0)
        return damage("two directories are not where their `..` leads", number);
    moved.number = number;
    moved.parent = parent.inode;
    moved.in = in;
    moved.slot = slot;
    return STATUS_OK;
}

static enum status scan_entry(uint32_t number, uint32_t slot, const struct directory_entry *entry)
{
    struct inode inode;

    if (!entry_name_is_good(entry->name) || !is_inode_number(entry->inode))
        return damage("a directory has a name that makes no sense", number);
    enum status status = reach(entry->inode, &inode);

    if (status == STATUS_OK && inode_kind(&inode) == FILE_SYSTEM_KIND_DIRECTORY)
        status = check_named_directory(number, slot, entry->inode, &inode);
    return status;
}

static enum status scan_own_entries(uint32_t number, const struct inode *inode)
{
    struct directory_entry self, parent;
    enum status status = directory_slot(inode, SLOT_SELF, &self);

    if (status == STATUS_OK)
        status = directory_slot(inode, SLOT_PARENT, &parent);
    if (status != STATUS_OK)
        return status;
    if (self.inode != number || strncmp(self.name, ".", NAME_BYTES) != 0 || strncmp(parent.name, "..", NAME_BYTES) != 0 ||
        !is_inode_number(parent.inode) || (number == ROOT_INODE && parent.inode != ROOT_INODE))
        return damage("a directory lacks `.` or `..`", number);
    if (counts[number] >= COUNT_MAX || counts[parent.inode] >= COUNT_MAX)
        return damage("an inode has too many names", number);
    counts[number]++;
    counts[parent.inode]++;
    return STATUS_OK;
}

static enum status scan_directory(uint32_t number)
{
    struct inode inode;
    struct directory_entry entry;
    uint32_t slot = FIRST_SLOT;
    enum status status = inode_read_unchecked(number, &inode);

    if (status == STATUS_OK)
        status = scan_own_entries(number, &inode);
    while (status == STATUS_OK) {
        status = directory_next(&inode, &slot, &entry);
        if (status == (enum status)FILE_SYSTEM_ERROR_ABSENT)
            return STATUS_OK;
        if (status == STATUS_OK)
            status = scan_entry(number, slot++, &entry);
    }
    return status;
}

// The root has no name: it is reached without one.
static enum status scan_tree(void)
{
    struct inode root;
    enum status status = reach(ROOT_INODE, &root);

    if (status != STATUS_OK)
        return status;
    if (inode_kind(&root) != FILE_SYSTEM_KIND_DIRECTORY)
        return damage("the root is no directory", ROOT_INODE);
    counts[ROOT_INODE]--;
    for (bool more = true; more;) {
        more = false;
        for (uint32_t word = 0; word < WORDS(geometry.inodes); word++) {
            while (to_scan[word] != 0) {
                unsigned bit = (unsigned)__builtin_ctzll(to_scan[word]);

                to_scan[word] &= to_scan[word] - 1;
                more = true;
                status = scan_directory(word * 64 + bit);
                if (status != STATUS_OK)
                    return status;
            }
        }
    }
    return STATUS_OK;
}

// --- Repairing ----------------------------------------------------------------------------------------------

// The size that is on the disk says what is beyond it, so each number can go by itself.
static enum status cut_beyond(uint32_t number)
{
    struct inode inode;
    struct zone_walk walk;
    struct zone_pointer pointer;
    bool changed = false;
    enum status status = inode_read_unchecked(number, &inode);

    if (status != STATUS_OK || !inode_has_zones(&inode))
        return status;
    zone_walk_start(&walk, &inode);
    while ((status = zone_walk_next(&walk, &pointer)) == STATUS_OK && pointer.zone != 0) {
        if (!is_beyond(&inode, &pointer))
            continue;
        zone_walk_skip(&walk);
        changed = true;
        status = zone_pointer_clear(&inode, &pointer);
        if (status != STATUS_OK)
            return status;
    }
    return status == STATUS_OK && changed ? inode_write(number, &inode) : status;
}

static enum status cut_all_beyond(bool may_write)
{
    enum status status = STATUS_OK;

    found.repairs += zones_beyond;
    if (zones_beyond == 0 || !may_write)
        return STATUS_OK;
    for (uint32_t number = ROOT_INODE; status == STATUS_OK && number <= geometry.inodes; number++) {
        if (is_set(reached, number))
            status = cut_beyond(number);
    }
    return status;
}

// The counts become what they will be afterwards.
static enum status finish_move(bool may_write)
{
    struct inode directory;
    bool has_new_name = is_set(named, moved.number);

    if (moved.number == 0)
        return STATUS_OK;
    found.repairs++;
    if (has_new_name) {
        counts[moved.number]--;
    } else {
        counts[moved.parent]--;
        counts[moved.in]++;
    }
    if (!may_write)
        return STATUS_OK;
    enum status status = inode_read_unchecked(has_new_name ? moved.in : moved.number, &directory);

    if (status != STATUS_OK)
        return status;
    return has_new_name ? directory_set(&directory, moved.slot, 0, "")
                        : directory_set(&directory, SLOT_PARENT, moved.in, "..");
}

static enum status repair_links(uint32_t number, bool may_write)
{
    struct inode inode;
    enum status status = inode_read_unchecked(number, &inode);

    if (status != STATUS_OK || inode.links == counts[number])
        return status;
    found.repairs++;
    inode.links = counts[number];
    return may_write ? inode_write(number, &inode) : STATUS_OK;
}

static enum status free_unused(enum map map, uint32_t number, bool may_write)
{
    static const struct inode unused;
    bool in_use;
    enum status status = bitmap_is_set(map, number, &in_use);

    if (status != STATUS_OK || !in_use)
        return status;
    found.repairs++;
    if (!may_write)
        return STATUS_OK;
    if (map == MAP_INODES)
        status = inode_write(number, &unused);
    return status == STATUS_OK ? bitmap_free(map, number) : status;
}

static enum status repair_maps(bool may_write)
{
    enum status status = STATUS_OK;

    for (uint32_t number = ROOT_INODE; status == STATUS_OK && number <= geometry.inodes; number++)
        status = is_set(reached, number) ? repair_links(number, may_write) : free_unused(MAP_INODES, number, may_write);
    for (uint32_t zone = geometry.first_data_zone; status == STATUS_OK && zone < geometry.zones; zone++) {
        if (!is_set(used, zone))
            status = free_unused(MAP_ZONES, zone, may_write);
    }
    return status;
}

static enum status repair(bool may_write)
{
    enum status status = cut_all_beyond(may_write);

    if (status == STATUS_OK)
        status = finish_move(may_write);
    if (status == STATUS_OK && may_write)
        status = cache_barrier();
    if (status == STATUS_OK)
        status = repair_maps(may_write);
    return status == STATUS_OK && may_write ? cache_barrier() : status;
}

static void forget_all(void)
{
    cache_reset();
    memset(reached, 0, sizeof reached);
    memset(to_scan, 0, sizeof to_scan);
    memset(named, 0, sizeof named);
    memset(used, 0, sizeof used);
    memset(counts, 0, sizeof counts);
    memset(&moved, 0, sizeof moved);
    found = (struct recovery_result){0};
    zones_beyond = 0;
}

enum status recovery_run(bool may_write, struct recovery_result *result)
{
    forget_all();
    enum status status = scan_tree();

    found.sound = status == STATUS_OK;
    if (found.sound)
        status = repair(may_write);
    // A zone number that makes no sense is met by the walk itself, too.
    if (status == (enum status)FILE_SYSTEM_ERROR_DAMAGED) {
        if (found.why == NULL)
            (void)damage("a zone is outside the disk", 0);
        found.sound = false;
        status = STATUS_OK;
    }
    *result = found;
    return status;
}
