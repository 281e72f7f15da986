// nursery: the interface Nursery. It holds the pool and knows nothing of programs, files or rights to spawn.
//
// What a pool makes ends with its maker, so this server is not to fail: it believes no number that it is
// told, keeps all in fixed tables, and waits for nobody. Each call is done as a whole or not at all, also
// when its caller ends in the middle. SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <string.h>

#include <tenon/event_loop.h>
#include <tenon/log.h>
#include <tenon/time.h>

#include "place.h"

static uint64_t last_serial;

static struct place *made_place(uint64_t serial)
{
    struct place *place = place_called(serial);

    return place != NULL && place->seen.state == NURSERY_STATE_MADE ? place : NULL;
}

enum status nursery_make(const struct call *call, uint32_t number, uint64_t *serial)
{
    struct place *place = place_at(number);

    (void)call;
    if (place == NULL || place->seen.state != NURSERY_STATE_FREE)
        return NURSERY_ERROR_BAD_PLACE;
    *serial = ++last_serial;
    return place_make(place, last_serial);
}

enum status nursery_add(const struct call *call, uint64_t serial, uint64_t address, uint64_t bytes,
                        enum nursery_use use)
{
    struct place *place = made_place(serial);

    (void)call;
    return place != NULL ? place_add(place, address, bytes, use) : (enum status)NURSERY_ERROR_ABSENT;
}

enum status nursery_fill(const struct call *call, uint64_t serial, uint64_t address, const struct lend *data)
{
    struct place *place = made_place(serial);

    (void)call;
    return place != NULL ? place_fill(place, address, data) : (enum status)NURSERY_ERROR_ABSENT;
}

enum status nursery_give(const struct call *call, uint64_t serial, uint32_t slot, bool may_grant,
                         slot_t capability)
{
    struct place *place = made_place(serial);
    enum status status =
        place != NULL ? place_give(place, slot, may_grant, capability) : (enum status)NURSERY_ERROR_ABSENT;

    (void)call;
    if (capability != SLOT_NULL)
        sys_cap_drop(capability);
    return status;
}

static void take_note(struct place *place, const void *note, size_t bytes)
{
    memcpy(place->note, note, bytes);
    place->note_bytes = bytes;
}

enum status nursery_start(const struct call *call, uint64_t serial, uint64_t entry, uint64_t stack,
                          uint8_t priority, const uint8_t *note, size_t note_bytes)
{
    struct place *place = made_place(serial);

    (void)call;
    if (place == NULL || note_bytes > sizeof place->note)
        return NURSERY_ERROR_ABSENT;
    enum status status = place_start(place, entry, stack, priority);

    // Nobody else runs between the start and this: it is below us.
    if (status == STATUS_OK)
        take_note(place, note, note_bytes);
    return status;
}

enum status nursery_keep(const struct call *call, uint64_t serial, const uint8_t *note, size_t note_bytes)
{
    struct place *place = place_called(serial);

    (void)call;
    if (place == NULL || note_bytes > sizeof place->note)
        return NURSERY_ERROR_ABSENT;
    take_note(place, note, note_bytes);
    return STATUS_OK;
}

enum status nursery_stop(const struct call *call, uint64_t serial)
{
    struct place *place = place_called(serial);

    (void)call;
    if (place == NULL)
        return NURSERY_ERROR_ABSENT;
    place_stop(place);
    return STATUS_OK;
}

enum status nursery_discard(const struct call *call, uint64_t serial)
{
    struct place *place = place_called(serial);

    (void)call;
    if (place == NULL)
        return NURSERY_ERROR_ABSENT;
    place_discard(place);
    return STATUS_OK;
}

enum status nursery_look(const struct call *call, uint32_t number, struct nursery_place *found, uint8_t *note,
                         size_t note_room, size_t *note_bytes)
{
    struct place *place = place_at(number);

    (void)call;
    if (place == NULL)
        return NURSERY_ERROR_BAD_PLACE;
    place_look(place);
    *found = place->seen;
    *note_bytes = place->note_bytes < note_room ? place->note_bytes : note_room;
    memcpy(note, place->note, *note_bytes);
    return STATUS_OK;
}

// Some component ended. Which, is seen by who looks; here only that somebody should.
void on_pool_changed(void)
{
    nursery_changed_signal_all();
}

// Numbers of an earlier life of this server, with which all that it had made is gone, are not used again.
int main(void)
{
    last_serial = clock_now() / MILLISECOND;
    nursery_changed_signal_all();
    event_loop_run();
}
