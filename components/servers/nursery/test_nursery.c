// Host test of the nursery: what it makes, its bounds, and that all is given back. The kernel's pool is a
// count of pages here. SPDX-License-Identifier: BSD-2-Clause

#include "host.h"

#include <string.h>

#include <memory_arch.h>

#include "place.h"

#define PAGE       4096u
#define POOL_PAGES 1024u
#define FIRST_MADE 40u
#define CODE       0x200000u
#define DATA       0x300000u

static struct {
    uint8_t type;
    uint64_t bytes;
    uint8_t *memory;  // of a region
    bool in_window;
    unsigned mapped;  // rights that the component has there
} objects[HOST_SLOTS];

static uint64_t pages_left = POOL_PAGES;
static unsigned pool_calls_left = UINT32_MAX;  // then the pool is empty
static uint64_t copied_slot, copied_rights;
static struct {
    uint64_t entry, stack, priority;
} started;

void on_peer_log_lines(void)
{
}

void on_client_nursery_changed(void)
{
}

// --- The pool --------------------------------------------------------------------------------

static struct sys_result make(uint64_t type, uint64_t argument)
{
    slot_t slot = FIRST_MADE;

    while (slot < HOST_SLOTS && objects[slot].type != CAP_NONE)
        slot++;
    CHECK(slot < HOST_SLOTS);
    uint64_t pages = type == CAP_REGION ? argument : 1;

    if (pages > pages_left || pool_calls_left == 0)
        return (struct sys_result){.status = STATUS_NO_MEMORY};
    pool_calls_left--;
    pages_left -= pages;
    objects[slot].type = (uint8_t)type;
    objects[slot].bytes = pages * PAGE;
    objects[slot].memory = type == CAP_REGION ? calloc(pages, PAGE) : NULL;
    return (struct sys_result){STATUS_OK, {slot}};
}

static void give_back(uint64_t slot)
{
    CHECK(objects[slot].type == CAP_REGION || objects[slot].type == CAP_COMPONENT);
    CHECK(!objects[slot].in_window);
    pages_left += objects[slot].bytes / PAGE;
    // A component's thread goes with it: it was made right behind it.
    if (objects[slot].type == CAP_COMPONENT && objects[slot + 1].type == CAP_THREAD) {
        pages_left++;
        memset(&objects[slot + 1], 0, sizeof objects[0]);
    }
    free(objects[slot].memory);
    memset(&objects[slot], 0, sizeof objects[0]);
}

static enum status map(uint64_t slot, uint64_t component, uint64_t address, uint64_t rights)
{
    CHECK(objects[slot].type == CAP_REGION);
    CHECK((rights & (RIGHT_WRITE | RIGHT_EXECUTE)) != (RIGHT_WRITE | RIGHT_EXECUTE));
    if (component == SLOT_NULL) {
        CHECK_EQUAL(address, ARCH_DYNAMIC_MEMORY);
        CHECK_EQUAL(objects[slot].mapped, 0);  // who runs has its memory to itself
        objects[slot].in_window = true;
    } else {
        CHECK_EQUAL(objects[component].type, CAP_COMPONENT);
        CHECK(!objects[slot].in_window);
        objects[slot].mapped = (unsigned)rights;
    }
    return STATUS_OK;
}

static enum status set(uint64_t slot, uint64_t what, uint64_t a, uint64_t b)
{
    if (what == SET_WATCH)
        CHECK(objects[slot].type == CAP_COMPONENT && a == BIT_POOL);
    else
        CHECK_EQUAL(objects[slot].type, CAP_THREAD);
    if (what == SET_RUN)
        started.priority = b;
    if (what == SET_START)
        started.entry = a, started.stack = b;
    return what == SET_RUN && b > 135 ? STATUS_BAD_ARGUMENT : STATUS_OK;
}

struct sys_result host_pool(unsigned number, const uint64_t arguments[6])
{
    struct sys_result result = {.status = STATUS_OK};

    switch (number) {
    case SYS_POOL_CREATE: return make(arguments[1], arguments[2]);
    case SYS_POOL_DESTROY: give_back(arguments[1]); break;
    case SYS_MAP: result.status = map(arguments[0], arguments[1], arguments[2], arguments[3]); break;
    case SYS_UNMAP: objects[arguments[0]].in_window = false; break;
    case SYS_OBJECT_SET: result.status = set(arguments[0], arguments[1], arguments[2], arguments[3]); break;
    case SYS_CAP_COPY:
        CHECK_EQUAL(objects[arguments[1]].type, CAP_COMPONENT);
        copied_slot = arguments[2], copied_rights = arguments[3];
        break;
    default: CHECK(false);
    }
    return result;
}

void *host_mapped(uintptr_t address, size_t bytes)
{
    if (address < ARCH_DYNAMIC_MEMORY || address >= 2 * ARCH_DYNAMIC_MEMORY)
        return (void *)address;
    uint64_t offset = address - ARCH_DYNAMIC_MEMORY;

    for (unsigned i = 0; i < HOST_SLOTS; i++) {
        if (objects[i].in_window)
            return offset <= objects[i].bytes && bytes <= objects[i].bytes - offset
                       ? objects[i].memory + offset
                       : NULL;
    }
    return NULL;
}

// --- What the tests say ----------------------------------------------------------------------

static uint64_t made_in(uint32_t place)
{
    uint64_t serial;

    CHECK_EQUAL(client_nursery_make(place, &serial), STATUS_OK);
    return serial;
}

static struct nursery_place look(uint32_t place)
{
    struct nursery_place found;
    uint8_t note[NOTE_BYTES];
    size_t bytes;

    CHECK_EQUAL(client_nursery_look(place, &found, note, sizeof note, &bytes), STATUS_OK);
    return found;
}

static enum status add(uint64_t serial, uint64_t address, uint64_t bytes)
{
    return client_nursery_add(serial, address, bytes, NURSERY_USE_DATA);
}

static enum status start(uint64_t serial)
{
    return client_nursery_start(serial, CODE, DATA + PAGE, 30, "note", 4);
}

// The slot of a place's component.
static slot_t component_in(uint32_t place)
{
    return place_at(place)->component;
}

static uint64_t running_in(uint32_t place)
{
    uint64_t serial = made_in(place);

    CHECK_EQUAL(client_nursery_add(serial, CODE, PAGE, NURSERY_USE_CODE), STATUS_OK);
    CHECK_EQUAL(add(serial, DATA, PAGE), STATUS_OK);
    CHECK_EQUAL(client_nursery_fill(serial, DATA, "data", 4), STATUS_OK);
    host_states[component_in(place)] = (struct component_report){.state = COMPONENT_RUNNING};
    CHECK_EQUAL(start(serial), STATUS_OK);
    return serial;
}

TEST(a_serial_names_one_life_of_a_place)
{
    uint64_t first = made_in(3), second;

    CHECK_EQUAL(client_nursery_make(3, &second), NURSERY_ERROR_BAD_PLACE);
    CHECK_EQUAL(client_nursery_discard(first), STATUS_OK);
    second = made_in(3);
    CHECK(second > first);
    CHECK_EQUAL(client_nursery_discard(first), NURSERY_ERROR_ABSENT);
    CHECK_EQUAL(add(first, DATA, PAGE), NURSERY_ERROR_ABSENT);
    CHECK_EQUAL(client_nursery_stop(0), NURSERY_ERROR_ABSENT);
    CHECK_EQUAL(look(3).serial, second);
}

TEST(there_are_so_many_places)
{
    struct nursery_place found;
    uint8_t note[NOTE_BYTES];
    size_t bytes;
    uint64_t serial;

    for (uint32_t i = 0; i < PLACES; i++)
        made_in(i);
    CHECK_EQUAL(client_nursery_make(PLACES, &serial), NURSERY_ERROR_BAD_PLACE);
    CHECK_EQUAL(client_nursery_make(UINT32_MAX, &serial), NURSERY_ERROR_BAD_PLACE);
    CHECK_EQUAL(client_nursery_look(PLACES, &found, note, sizeof note, &bytes), NURSERY_ERROR_BAD_PLACE);
}

TEST(memory_has_bounds)
{
    static const struct {
        uint64_t address, bytes;
    } bad[] = {
        {0, PAGE},
        {DATA + 1, PAGE},
        {DATA, 0},
        {DATA, 1},
        {DATA, PAGE + 1},
        {DATA, (POOL_REGION_PAGES_MAX + 1ull) * PAGE},
        {1ull << 32, PAGE},
        {(1ull << 32) - PAGE, 2 * PAGE},
        {UINT64_MAX - PAGE + 1, PAGE},
        {DATA, UINT64_MAX - PAGE + 1},
        {DATA, 1ull << 63},
        {1ull << 63, 1ull << 63},
    };
    uint64_t serial = made_in(0), left = pages_left;

    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_EQUAL(add(serial, bad[i].address, bad[i].bytes), NURSERY_ERROR_BAD_MEMORY);
    CHECK_EQUAL(pages_left, left);
    CHECK_EQUAL(add(serial, (1ull << 32) - PAGE, PAGE), STATUS_OK);
}

TEST(ranges_of_memory_do_not_overlap)
{
    uint64_t serial = made_in(0);

    CHECK_EQUAL(add(serial, DATA, 4 * PAGE), STATUS_OK);
    CHECK_EQUAL(add(serial, DATA, PAGE), NURSERY_ERROR_BAD_MEMORY);
    CHECK_EQUAL(add(serial, DATA - PAGE, 2 * PAGE), NURSERY_ERROR_BAD_MEMORY);
    CHECK_EQUAL(add(serial, DATA + 3 * PAGE, 2 * PAGE), NURSERY_ERROR_BAD_MEMORY);
    CHECK_EQUAL(add(serial, DATA - PAGE, 8 * PAGE), NURSERY_ERROR_BAD_MEMORY);
    CHECK_EQUAL(add(serial, DATA - PAGE, PAGE), STATUS_OK);
    CHECK_EQUAL(add(serial, DATA + 4 * PAGE, PAGE), STATUS_OK);
}

TEST(a_place_has_so_many_ranges)
{
    uint64_t serial = made_in(0);

    for (unsigned i = 0; i < MEMORIES_MAX; i++)
        CHECK_EQUAL(add(serial, DATA + i * PAGE, PAGE), STATUS_OK);
    CHECK_EQUAL(add(serial, CODE, PAGE), NURSERY_ERROR_BAD_MEMORY);
}

TEST(what_is_filled_lies_where_it_was_meant_to)
{
    uint64_t serial = made_in(0);

    CHECK_EQUAL(client_nursery_add(serial, CODE, 2 * PAGE, NURSERY_USE_CODE), STATUS_OK);
    CHECK_EQUAL(add(serial, DATA, PAGE), STATUS_OK);
    CHECK_EQUAL(client_nursery_fill(serial, CODE + PAGE - 2, "code", 4), STATUS_OK);
    CHECK_EQUAL(client_nursery_fill(serial, DATA + PAGE - 4, "data", 4), STATUS_OK);
    CHECK(memcmp(objects[place_at(0)->memories[0].region].memory + PAGE - 2, "code", 4) == 0);
    CHECK(memcmp(objects[place_at(0)->memories[1].region].memory + PAGE - 4, "data", 4) == 0);
}

TEST(nothing_is_filled_beyond_a_range)
{
    uint64_t serial = made_in(0);

    CHECK_EQUAL(add(serial, DATA, PAGE), STATUS_OK);
    CHECK_EQUAL(add(serial, DATA + PAGE, PAGE), STATUS_OK);
    CHECK_EQUAL(client_nursery_fill(serial, DATA + PAGE - 1, "xx", 2),
                NURSERY_ERROR_BAD_MEMORY);  // nor across two
    CHECK_EQUAL(client_nursery_fill(serial, DATA - 1, "xx", 2), NURSERY_ERROR_BAD_MEMORY);
    CHECK_EQUAL(client_nursery_fill(serial, DATA + 2 * PAGE, "xx", 2), NURSERY_ERROR_BAD_MEMORY);
    CHECK_EQUAL(client_nursery_fill(serial, UINT64_MAX, "xx", 2), NURSERY_ERROR_BAD_MEMORY);
}

TEST(memory_gets_the_rights_of_its_use_and_is_the_components_alone)
{
    uint64_t serial = running_in(0);
    const struct place *place = place_at(0);

    CHECK_EQUAL(objects[place->memories[0].region].mapped, RIGHT_READ | RIGHT_EXECUTE);
    CHECK_EQUAL(objects[place->memories[1].region].mapped, RIGHT_READ | RIGHT_WRITE);
    CHECK_EQUAL(client_nursery_fill(serial, DATA, "x", 1), NURSERY_ERROR_ABSENT);
    CHECK_EQUAL(add(serial, DATA + PAGE, PAGE), NURSERY_ERROR_ABSENT);
    CHECK_EQUAL(start(serial), NURSERY_ERROR_ABSENT);
}

TEST(capabilities_go_to_the_slots_that_are_for_them)
{
    uint64_t serial = made_in(0);

    CHECK_EQUAL(client_nursery_give(serial, SLOT_FIRST, false, 20), STATUS_OK);
    CHECK(copied_slot == SLOT_FIRST && !(copied_rights & RIGHT_GRANT));
    CHECK_EQUAL(client_nursery_give(serial, SLOTS_LAST, true, 20), STATUS_OK);
    CHECK(copied_slot == SLOTS_LAST && copied_rights & RIGHT_GRANT);
    CHECK(!(copied_rights & (RIGHT_CONTROL | RIGHT_REVOKE)));
    CHECK_EQUAL(client_nursery_give(serial, 0, false, 20), NURSERY_ERROR_BAD_SLOT);
    CHECK_EQUAL(client_nursery_give(serial, SLOTS_LAST + 1, false, 20), NURSERY_ERROR_BAD_SLOT);
    CHECK_EQUAL(client_nursery_give(serial + 1, SLOT_FIRST, false, 20), NURSERY_ERROR_ABSENT);
    CHECK_EQUAL(host_dropped[20], 5);  // ours is given up, whatever came of it
}

TEST(an_end_is_seen_with_its_reason)
{
    uint64_t serial = running_in(0);

    CHECK_EQUAL(look(0).state, NURSERY_STATE_RUNNING);
    host_states[component_in(0)] = (struct component_report){
        .state = COMPONENT_FAULTED | (uint64_t)FAULT_WRITE << 16, .fault_address = 16, .fault_pc = CODE + 4};
    struct nursery_place found = look(0);

    CHECK(found.state == NURSERY_STATE_ENDED && found.end == NURSERY_END_FAULTED &&
          found.reason == FAULT_WRITE);
    CHECK(found.value == 16 && found.pc == CODE + 4 && found.serial == serial);
    CHECK_EQUAL(client_nursery_stop(serial), STATUS_OK);  // too late: it ended by its fault
    CHECK_EQUAL(look(0).end, NURSERY_END_FAULTED);
}

TEST(an_exit_before_a_stop_stays_an_exit)
{
    uint64_t serial = running_in(0);

    host_states[component_in(0)] = (struct component_report){.state = COMPONENT_EXITED, .fault_address = 7};
    CHECK_EQUAL(client_nursery_stop(serial), STATUS_OK);
    CHECK(look(0).end == NURSERY_END_EXITED && look(0).value == 7);
    CHECK_EQUAL(host_controls[component_in(0)][COMPONENT_OP_STOP], 0);
}

TEST(a_note_is_kept_from_the_start_on)
{
    uint64_t serial = running_in(0);
    struct nursery_place found;
    uint8_t note[NOTE_BYTES];
    size_t bytes;

    CHECK_EQUAL(client_nursery_look(0, &found, note, sizeof note, &bytes), STATUS_OK);
    CHECK(bytes == 4 && memcmp(note, "note", 4) == 0);
    CHECK_EQUAL(client_nursery_keep(serial, "another", 7), STATUS_OK);
    CHECK_EQUAL(client_nursery_look(0, &found, note, sizeof note, &bytes), STATUS_OK);
    CHECK(bytes == 7 && memcmp(note, "another", 7) == 0);
}

TEST(a_start_that_the_kernel_refuses_leaves_what_was_made)
{
    uint64_t serial = made_in(0);

    CHECK_EQUAL(client_nursery_start(serial, CODE, DATA, 200, "", 0), NURSERY_ERROR_BAD_START);
    CHECK_EQUAL(look(0).state, NURSERY_STATE_MADE);
    CHECK_EQUAL(client_nursery_discard(serial), STATUS_OK);
    CHECK_EQUAL(look(0).state, NURSERY_STATE_FREE);
}

TEST(all_is_given_back)
{
    for (unsigned round = 0; round < 100; round++) {
        uint64_t serial = running_in(round % PLACES);

        CHECK_EQUAL(client_nursery_discard(serial), STATUS_OK);
        CHECK_EQUAL(pages_left, POOL_PAGES);
    }
}

// The pool is empty before each step in turn.
TEST(a_pool_that_is_empty_leaves_nothing_behind)
{
    for (unsigned least = 0; least < 4; least++) {
        uint64_t serial = 0;

        pool_calls_left = least;
        enum status status = client_nursery_make(0, &serial);

        CHECK_EQUAL(status, least < 2 ? NURSERY_ERROR_NO_MEMORY : STATUS_OK);
        if (status != STATUS_OK) {
            CHECK_EQUAL(look(0).state, NURSERY_STATE_FREE);
        } else {
            CHECK_EQUAL(add(serial, DATA, PAGE), least < 3 ? NURSERY_ERROR_NO_MEMORY : STATUS_OK);
            CHECK_EQUAL(client_nursery_discard(serial), STATUS_OK);
        }
        CHECK_EQUAL(pages_left, POOL_PAGES);
    }
}
