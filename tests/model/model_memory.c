// Memory in the model: one array for each region, and what user code would reach through a component's
// mappings. SPDX-License-Identifier: BSD-2-Clause
#include "model.h"

#include <string.h>

static uint8_t *region_byte(uint32_t region, uint64_t offset)
{
    if (layout_regions[region].source == MEMORY_IMAGE)
        return (uint8_t *)layout_regions[region].image + offset;
    return &model.memory[region][offset];
}

uint8_t *memory_at(unsigned component, uint64_t address, uint8_t right)
{
    const struct layout_component *layout = &layout_components[component];

    for (unsigned i = 0; i < layout->mapping_count; i++) {
        const struct layout_mapping *mapping = &layout_mappings[layout->mapping_first + i];
        const struct layout_region *region = &layout_regions[mapping->region];

        if (address < mapping->address || address - mapping->address >= region->bytes)
            continue;
        if (region->source == MEMORY_DEVICE || !(mapping->rights & right))
            return NULL;
        return region_byte(mapping->region, address - mapping->address);
    }
    return NULL;
}

void memory_restart(unsigned component)
{
    const struct layout_component *layout = &layout_components[component];

    for (unsigned i = 0; i < layout->mapping_count; i++) {
        const struct layout_mapping *mapping = &layout_mappings[layout->mapping_first + i];

        if (!mapping->initialise)
            continue;
        memset(model.memory[mapping->region], 0, layout_regions[mapping->region].bytes);
        if (mapping->initial_bytes)
            memcpy(model.memory[mapping->region], mapping->initial, mapping->initial_bytes);
    }
}

// --- Copies of what was lent -------------------------------------------------------------------

// Follows the chain of lends. OK: *owner and *address are where the memory is.
static int resolve(const struct model_thread *t, uint64_t token, uint64_t index, uint64_t offset,
                   uint64_t bytes, uint8_t right, unsigned *owner, uint64_t *address)
{
    unsigned holder = t->component;
    uint64_t needed = right == RIGHT_READ ? LEND_READ : LEND_WRITE;

    for (unsigned depth = 1; depth <= LEND_DEPTH_MAX; depth++) {
        const struct model_thread *caller = ipc_caller(holder, token);

        if (caller == NULL)
            return STATUS_STALE;
        if (index >= caller->lends)
            return STATUS_BAD_ARGUMENT;
        const struct model_lend *lend = &caller->lend[index];

        if (!(lend->flags & needed))
            return STATUS_DENIED;
        if (offset > lend->bytes || bytes > lend->bytes - offset)
            return STATUS_BAD_ARGUMENT;
        offset += lend->address;
        if (!(lend->flags & LEND_BORROWED)) {
            *owner = caller->component;
            *address = offset;
            return STATUS_OK;
        }
        holder = caller->component;
        token = lend->outer;
        index = lend->flags & LEND_OUTER_INDEX ? 1 : 0;
    }
    return STATUS_BAD_ARGUMENT;
}

static uint64_t to_page_end(uint64_t address)
{
    return PAGE_SIZE - address % PAGE_SIZE;
}

// One chunk; the number of bytes, 0 if memory is missing.
static uint64_t copy_chunk(struct model_thread *t, unsigned owner, uint64_t theirs, uint64_t mine,
                           uint64_t bytes, uint8_t right)
{
    uint64_t chunk = bytes;

    chunk = to_page_end(theirs) < chunk ? to_page_end(theirs) : chunk;
    chunk = to_page_end(mine) < chunk ? to_page_end(mine) : chunk;
    uint8_t *own = memory_at(t->component, mine, right == RIGHT_READ ? RIGHT_WRITE : RIGHT_READ);
    uint8_t *lent = memory_at(owner, theirs, right);

    if (own == NULL || lent == NULL)
        return 0;
    if (right == RIGHT_READ)
        memmove(own, lent, chunk);
    else
        memmove(lent, own, chunk);
    return chunk;
}

// Arguments: token, lend, offset, own address, bytes. A call that comes again has gone on by whole chunks,
// which its arguments show: at least one, and not all.
int memory_copy(struct model_thread *t, uint8_t right, bool repeats, const uint64_t done[31])
{
    uint64_t token = t->x[0], index = t->x[1], offset = t->x[2], mine = t->x[3], bytes = t->x[4], lent;
    unsigned owner;

    do {
        int status = resolve(t, token, index, offset, bytes, right, &owner, &lent);

        if (status != STATUS_OK || bytes == 0)
            return status;
        uint64_t chunk = copy_chunk(t, owner, lent, mine, bytes, right);

        if (chunk == 0)
            return STATUS_BAD_ADDRESS;
        offset += chunk, mine += chunk, bytes -= chunk;
        if (repeats && offset == done[2]) {
            t->x[2] = offset, t->x[3] = mine, t->x[4] = bytes;
            return GOES_ON;
        }
    } while (bytes > 0);
    return STATUS_OK;
}
