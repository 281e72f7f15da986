// See place.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "place.h"

#include <memory_arch.h>

#include <string.h>

#define PAGE        4096u
#define LAST        (1ull << 32)  // where a component's memory ends: every architecture's addresses reach so far
#define WINDOW      ARCH_DYNAMIC_MEMORY
#define REGION_MOST ((uint64_t)POOL_REGION_PAGES_MAX * PAGE)

_Static_assert(PLACES *(2 + MEMORIES_MAX) + 1 <= 192,
               "slots of component.yaml: each place's, and one on its way");

static struct place places[PLACES];
static slot_t in_window;  // the region that is mapped there

struct place *place_at(uint32_t number)
{
    return number < PLACES ? &places[number] : NULL;
}

struct place *place_called(uint64_t serial)
{
    for (unsigned i = 0; i < PLACES; i++) {
        if (serial != 0 && places[i].seen.serial == serial)
            return &places[i];
    }
    return NULL;
}

static void close_window(void)
{
    if (in_window != SLOT_NULL)
        (void)!sys_unmap(in_window, SLOT_NULL);
    in_window = SLOT_NULL;
}

static bool open_window(slot_t region)
{
    if (in_window == region)
        return true;
    close_window();
    if (sys_map(region, SLOT_NULL, WINDOW, RIGHT_READ | RIGHT_WRITE) != STATUS_OK)
        return false;
    in_window = region;
    return true;
}

// --- Taking down -----------------------------------------------------------------------------

static void destroy(slot_t slot)
{
    if (slot == SLOT_NULL)
        return;
    (void)!sys_pool_destroy(SLOT_POOL, slot);
    sys_cap_drop(slot);
}

void place_discard(struct place *place)
{
    close_window();
    destroy(place->component);  // and its thread
    if (place->thread != SLOT_NULL)
        sys_cap_drop(place->thread);
    for (unsigned i = 0; i < place->memory_count; i++)
        destroy(place->memories[i].region);
    *place = (struct place){0};
}

// --- Making ----------------------------------------------------------------------------------

static bool made(enum cap_type type, uint64_t argument, slot_t *slot)
{
    return sys_pool_create(SLOT_POOL, type, argument, 0, slot) == STATUS_OK;
}

enum status place_make(struct place *place, uint64_t serial)
{
    place->seen = (struct nursery_place){.serial = serial, .state = NURSERY_STATE_MADE};
    if (made(CAP_COMPONENT, 0, &place->component) && made(CAP_THREAD, place->component, &place->thread) &&
        sys_object_set(place->component, SET_WATCH, BIT_POOL, 0) == STATUS_OK)
        return STATUS_OK;
    place_discard(place);
    return NURSERY_ERROR_NO_MEMORY;
}

static bool overlaps(const struct place *place, uint64_t address, uint64_t bytes)
{
    for (unsigned i = 0; i < place->memory_count; i++) {
        const struct memory *other = &place->memories[i];

        if (address < other->address + other->bytes && other->address < address + bytes)
            return true;
    }
    return false;
}

static bool is_possible(const struct place *place, uint64_t address, uint64_t bytes)
{
    return place->memory_count < MEMORIES_MAX && address % PAGE == 0 && bytes % PAGE == 0 && bytes != 0 &&
           bytes <= REGION_MOST && address >= PAGE && address <= LAST - bytes &&
           !overlaps(place, address, bytes);
}

enum status place_add(struct place *place, uint64_t address, uint64_t bytes, enum nursery_use use)
{
    struct memory *memory = &place->memories[place->memory_count];

    if (!is_possible(place, address, bytes))
        return NURSERY_ERROR_BAD_MEMORY;
    *memory = (struct memory){.address = address, .bytes = bytes, .use = use};
    if (!made(CAP_REGION, bytes / PAGE, &memory->region))
        return NURSERY_ERROR_NO_MEMORY;
    place->memory_count++;
    place->seen.bytes += bytes;
    return STATUS_OK;
}

static const struct memory *memory_at(const struct place *place, uint64_t address, uint64_t bytes)
{
    for (unsigned i = 0; i < place->memory_count; i++) {
        const struct memory *memory = &place->memories[i];

        if (address >= memory->address && address - memory->address < memory->bytes &&
            bytes <= memory->bytes - (address - memory->address))
            return memory;
    }
    return NULL;
}

enum status place_fill(struct place *place, uint64_t address, const struct lend *data)
{
    const struct memory *memory = memory_at(place, address, data->bytes);

    if (memory == NULL)
        return NURSERY_ERROR_BAD_MEMORY;
    if (!open_window(memory->region))
        return NURSERY_ERROR_BAD_MEMORY;
    return lend_read(data, 0, (void *)(uintptr_t)(WINDOW + (address - memory->address)), data->bytes);
}

enum status place_give(struct place *place, uint32_t slot, bool may_grant, slot_t capability)
{
    unsigned rights = RIGHT_READ | RIGHT_WRITE | RIGHT_EXECUTE | RIGHT_CALL | (may_grant ? RIGHT_GRANT : 0);

    if (slot < SLOT_FIRST || slot > SLOTS_LAST || capability == SLOT_NULL)
        return NURSERY_ERROR_BAD_SLOT;
    return sys_cap_copy(capability, place->component, slot, rights) == STATUS_OK
               ? STATUS_OK
               : (enum status)NURSERY_ERROR_BAD_SLOT;
}

static unsigned rights_for(enum nursery_use use)
{
    switch (use) {
    case NURSERY_USE_CODE: return RIGHT_READ | RIGHT_EXECUTE;
    case NURSERY_USE_DATA: return RIGHT_READ | RIGHT_WRITE;
    default: return RIGHT_READ;
    }
}

static bool map_all(const struct place *place)
{
    for (unsigned i = 0; i < place->memory_count; i++) {
        const struct memory *memory = &place->memories[i];

        if (sys_map(memory->region, place->component, memory->address, rights_for(memory->use)) != STATUS_OK)
            return false;
    }
    return true;
}

enum status place_start(struct place *place, uint64_t entry, uint64_t stack, uint8_t priority)
{
    close_window();
    if (sys_object_set(place->thread, SET_START, entry, stack) != STATUS_OK ||
        sys_object_set(place->thread, SET_RUN, 0, priority) != STATUS_OK)
        return NURSERY_ERROR_BAD_START;
    if (!map_all(place))
        return NURSERY_ERROR_NO_MEMORY;
    if (sys_component_control(place->component, COMPONENT_OP_RESTART, 0) != STATUS_OK)
        return NURSERY_ERROR_BAD_START;
    place->seen.state = NURSERY_STATE_RUNNING;
    return STATUS_OK;
}

// --- Ends ------------------------------------------------------------------------------------

static void note_end(struct place *place, const struct component_report *report)
{
    place->seen.state = NURSERY_STATE_ENDED;
    place->seen.value = report->fault_address;
    switch (report_state(report)) {
    case COMPONENT_EXITED: place->seen.end = NURSERY_END_EXITED; break;
    case COMPONENT_FAULTED:
        place->seen.end = NURSERY_END_FAULTED;
        place->seen.reason = (uint8_t)report_reason(report);
        place->seen.pc = report->fault_pc;
        break;
    default: place->seen.end = NURSERY_END_STOPPED; break;
    }
}

bool place_look(struct place *place)
{
    struct component_report report;

    if (place->seen.state != NURSERY_STATE_RUNNING ||
        sys_component_state(place->component, &report) != STATUS_OK ||
        report_state(&report) == COMPONENT_RUNNING)
        return false;
    note_end(place, &report);
    return true;
}

void place_stop(struct place *place)
{
    if (place->seen.state != NURSERY_STATE_RUNNING || place_look(place))
        return;
    (void)!sys_component_control(place->component, COMPONENT_OP_STOP, 0);
    place_look(place);
}
