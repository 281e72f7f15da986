// Every zone number is checked to be in the data area before it is used. The depth is fixed, so everything ends.
// SPDX-License-Identifier: BSD-2-Clause

#include "zone_map.h"

#include "bitmap.h"
#include "cache.h"
#include "inode.h"

// The way to a block: a zone number of the inode, then one in each indirect zone.
struct way {
    unsigned root;
    unsigned levels;
    uint32_t index[ZONE_LEVELS];
};

// Blocks that an indirect zone of a level leads to; level 0 is the block itself.
static uint32_t span(unsigned level)
{
    return 1u << 8 * level;
}
_Static_assert(ZONES_PER_ZONE == 1u << 8, "see span");

// The largest file is below 2^31 bytes, which three levels reach.
static struct way way_to(uint32_t index)
{
    struct way way = {.root = index};

    if (index < DIRECT_ZONES)
        return way;
    index -= DIRECT_ZONES;
    for (way.levels = 1; way.levels < ZONE_LEVELS && index >= span(way.levels); way.levels++)
        index -= span(way.levels);
    way.root = DIRECT_ZONES + way.levels - 1;
    for (unsigned i = 0; i < way.levels; i++)
        way.index[i] = index / span(way.levels - 1 - i) % ZONES_PER_ZONE;
    return way;
}

static enum status read_pointer(uint32_t zone, uint32_t index, uint32_t *pointer)
{
    enum status status = cache_read(zone, index * (uint32_t)sizeof *pointer, pointer, sizeof *pointer);

    if (status == STATUS_OK && *pointer != 0 && !is_data_zone(*pointer))
        return FILE_SYSTEM_ERROR_DAMAGED;
    return status;
}

static enum status write_pointer(uint32_t zone, uint32_t index, uint32_t pointer)
{
    return cache_write(zone, index * (uint32_t)sizeof pointer, &pointer, sizeof pointer);
}

static enum status read_root(const struct inode *inode, unsigned root, uint32_t *zone)
{
    *zone = inode->zones[root];
    return *zone != 0 && !is_data_zone(*zone) ? (enum status)FILE_SYSTEM_ERROR_DAMAGED : STATUS_OK;
}

enum status zone_map_find(const struct inode *inode, uint32_t index, uint32_t *zone)
{
    struct way way = way_to(index);
    enum status status = read_root(inode, way.root, zone);

    for (unsigned i = 0; status == STATUS_OK && *zone != 0 && i < way.levels; i++)
        status = read_pointer(*zone, way.index[i], zone);
    return status;
}

// An indirect zone without pointers is on the disk before anything points to it.
static enum status make_indirect(uint32_t *zone)
{
    enum status status = bitmap_allocate(MAP_ZONES, zone);

    if (status == STATUS_OK)
        status = cache_clear(*zone);
    return status == STATUS_OK ? cache_barrier() : status;
}

enum status zone_map_prepare(uint32_t number, struct inode *inode, uint32_t index)
{
    struct way way = way_to(index);
    uint32_t zone, below;

    if (way.levels == 0)
        return STATUS_OK;
    enum status status = read_root(inode, way.root, &zone);

    if (status == STATUS_OK && zone == 0) {
        status = make_indirect(&zone);
        if (status == STATUS_OK) {
            inode->zones[way.root] = zone;
            status = inode_write(number, inode);
        }
    }
    for (unsigned i = 0; status == STATUS_OK && i + 1 < way.levels; i++, zone = below) {
        status = read_pointer(zone, way.index[i], &below);
        if (status == STATUS_OK && below == 0) {
            status = make_indirect(&below);
            if (status == STATUS_OK)
                status = write_pointer(zone, way.index[i], below);
        }
    }
    return status;
}

enum status zone_map_set(struct inode *inode, uint32_t index, uint32_t zone)
{
    struct way way = way_to(index);
    uint32_t holder;

    if (way.levels == 0) {
        inode->zones[way.root] = zone;
        return STATUS_OK;
    }
    enum status status = read_root(inode, way.root, &holder);

    for (unsigned i = 0; status == STATUS_OK && holder != 0 && i + 1 < way.levels; i++)
        status = read_pointer(holder, way.index[i], &holder);
    if (status != STATUS_OK)
        return status;
    return holder == 0 ? (enum status)FILE_SYSTEM_ERROR_DAMAGED
                       : write_pointer(holder, way.index[way.levels - 1], zone);
}

// Numbers in an indirect zone that goes itself stay as they are.
enum status zone_map_cut(struct inode *inode, uint32_t first)
{
    struct zone_walk walk;
    struct zone_pointer pointer;
    enum status status;

    zone_walk_start(&walk, inode);
    while ((status = zone_walk_next(&walk, &pointer)) == STATUS_OK && pointer.zone != 0) {
        if (!is_data_zone(pointer.zone))
            return FILE_SYSTEM_ERROR_DAMAGED;
        if (pointer.first < first)
            continue;
        bool holder_goes = pointer.holder != 0 && pointer.holder_first >= first;

        status = holder_goes ? STATUS_OK : zone_pointer_clear(inode, &pointer);
        if (status == STATUS_OK)
            status = bitmap_free(MAP_ZONES, pointer.zone);
        if (status != STATUS_OK)
            return status;
    }
    return status;
}

enum status zone_pointer_clear(struct inode *inode, const struct zone_pointer *pointer)
{
    if (pointer->holder != 0)
        return write_pointer(pointer->holder, pointer->index, 0);
    inode->zones[pointer->index] = 0;
    return STATUS_OK;
}

void zone_walk_start(struct zone_walk *walk, const struct inode *inode)
{
    *walk = (struct zone_walk){.inode = *inode};
}

static enum status descend(struct zone_walk *walk)
{
    const struct zone_pointer *last = &walk->last;

    if (!is_data_zone(last->zone))
        return FILE_SYSTEM_ERROR_DAMAGED;
    walk->above[walk->depth].zone = last->zone;
    walk->above[walk->depth].first = last->first;
    walk->above[walk->depth].level = last->level - 1;
    walk->above[walk->depth].next = 0;
    walk->depth++;
    return STATUS_OK;
}

// The next number of the innermost indirect zone, or of the inode; 0 is told as well. False: it has no more.
static bool step(struct zone_walk *walk, enum status *status)
{
    struct zone_pointer *next = &walk->last;

    if (walk->depth == 0) {
        if (walk->root == INODE_ZONES)
            return false;
        unsigned level = walk->root < DIRECT_ZONES ? 0 : walk->root - DIRECT_ZONES + 1;
        uint32_t first = walk->root < DIRECT_ZONES ? walk->root : DIRECT_ZONES;

        for (unsigned below = 1; below < level; below++)
            first += span(below);
        *next = (struct zone_pointer){walk->inode.zones[walk->root], first, level, 0, walk->root, 0};
        walk->root++;
        return true;
    }

    unsigned top = walk->depth - 1, index = walk->above[top].next;

    if (index == ZONES_PER_ZONE)
        return false;
    walk->above[top].next++;
    *next = (struct zone_pointer){0, walk->above[top].first + index * span(walk->above[top].level), walk->above[top].level,
                                  walk->above[top].zone, index, walk->above[top].first};
    *status = cache_read(next->holder, index * (uint32_t)sizeof next->zone, &next->zone, sizeof next->zone);
    return true;
}

enum status zone_walk_next(struct zone_walk *walk, struct zone_pointer *pointer)
{
    enum status status = walk->below ? descend(walk) : STATUS_OK;

    walk->below = false;
    walk->last.zone = 0;
    while (status == STATUS_OK && walk->last.zone == 0) {
        if (step(walk, &status))
            continue;
        if (walk->depth == 0)
            break;
        walk->depth--;
    }
    walk->below = walk->last.zone != 0 && walk->last.level > 0;
    *pointer = walk->last;
    return status;
}
