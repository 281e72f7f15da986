// For the tests: one file, and a nursery whose processes end when the test says so.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "host.h"

#include <glue.h>

#include "fake_program.h"

// --- Files: /bin/it ----------------------------------------------------------------------------------

static uint64_t file_offset;
static unsigned open_count, file_asked;
static enum status file_fails;  // how reads end

void on_peer_log_lines(void)
{
}

struct sys_result host_pool(unsigned number, const uint64_t arguments[6])
{
    CHECK(number == SYS_POOL_CREATE && arguments[1] == CAP_ENDPOINT && arguments[2] == SLOT_NULL);
    return (struct sys_result){STATUS_OK, {100}};
}

enum status peer_files_begin(const struct call *call)
{
    (void)call;
    return STATUS_OK;
}

enum status peer_files_stat(const struct call *call, const char *path, struct files_node *node)
{
    (void)call;
    file_asked += strcmp(path, "/bin/it") != 0;
    *node = (struct files_node){.size = sizeof fake_file, .links = 1, .kind = FILES_KIND_FILE};
    if (strcmp(path, "/bin/folder") == 0)
        node->kind = FILES_KIND_DIRECTORY;
    else if (strcmp(path, "/bin/it") != 0)
        return FILES_ERROR_ABSENT;
    return STATUS_OK;
}

enum status peer_files_open(const struct call *call, uint64_t request, uint64_t mode, const char *path,
                            uint32_t *file)
{
    (void)call, (void)request;
    CHECK_EQUAL(mode, FILES_MODE_READ);
    CHECK(strcmp(path, "/bin/it") == 0);
    *file = 1;
    open_count++;
    return STATUS_OK;
}

enum status peer_files_close(const struct call *call, uint64_t request, uint32_t file)
{
    (void)call, (void)request, (void)file;
    open_count--;
    return STATUS_OK;
}

enum status peer_files_seek(const struct call *call, uint32_t file, uint64_t offset)
{
    (void)call, (void)file;
    file_offset = offset;
    return STATUS_OK;
}

enum status peer_files_read(const struct call *call, uint64_t request, uint32_t file, uint32_t count,
                            const struct lend *data, size_t *data_bytes)
{
    (void)call, (void)request, (void)file;
    uint64_t left = file_offset < sizeof fake_file ? sizeof fake_file - file_offset : 0;

    *data_bytes = count < left ? count : left;
    if (file_fails != STATUS_OK)
        return file_fails;
    CHECK_EQUAL(lend_write(data, 0, fake_file + file_offset, *data_bytes), STATUS_OK);
    file_offset += *data_bytes;
    return STATUS_OK;
}

#define NOT_USED(name, ...)                                             \
    enum status peer_files_##name(const struct call *call, __VA_ARGS__) \
    {                                                                   \
        (void)call;                                                     \
        CHECK(false);                                                   \
        return FILES_ERROR_IO;                                          \
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
NOT_USED(write, uint64_t request, uint32_t file, const struct lend *data)
NOT_USED(truncate, uint32_t file, uint64_t size)
NOT_USED(sync, uint32_t file)
NOT_USED(entry, uint32_t position, const char *path, uint32_t *next, char name[61])
NOT_USED(make_directory, uint64_t request, const char *path)
NOT_USED(remove_directory, uint64_t request, const char *path)
NOT_USED(unlink, uint64_t request, const char *path)
NOT_USED(rename, uint64_t request, const char *path, const char *new_path)
#pragma GCC diagnostic pop

// --- The nursery -------------------------------------------------------------------------------------

static struct fake_place {
    struct nursery_place seen;
    uint8_t note[128];
    size_t note_bytes;
    unsigned given, granted;
} fake_places[PROCESSES_MADE];

static uint64_t last_serial = 100;
static unsigned nursery_room = UINT32_MAX;  // ranges that it can make

static struct fake_place *fake_place_called(uint64_t serial)
{
    for (unsigned i = 0; i < PROCESSES_MADE; i++) {
        if (fake_places[i].seen.serial == serial && serial != 0)
            return &fake_places[i];
    }
    return NULL;
}

enum status peer_nursery_make(const struct call *call, uint32_t place, uint64_t *serial)
{
    (void)call;
    CHECK(place < PROCESSES_MADE && fake_places[place].seen.state == NURSERY_STATE_FREE);
    *serial = ++last_serial;
    fake_places[place] = (struct fake_place){.seen = {.serial = *serial, .state = NURSERY_STATE_MADE}};
    return STATUS_OK;
}

enum status peer_nursery_add(const struct call *call, uint64_t serial, uint64_t address, uint64_t bytes,
                             enum nursery_use use)
{
    (void)call, (void)address, (void)use;
    CHECK(fake_place_called(serial) != NULL);
    if (nursery_room == 0)
        return NURSERY_ERROR_NO_MEMORY;
    nursery_room--;
    fake_place_called(serial)->seen.bytes += bytes;
    return STATUS_OK;
}

enum status peer_nursery_fill(const struct call *call, uint64_t serial, uint64_t address,
                              const struct lend *data)
{
    (void)call, (void)address, (void)data;
    CHECK(fake_place_called(serial) != NULL);
    return STATUS_OK;
}

enum status peer_nursery_give(const struct call *call, uint64_t serial, uint32_t slot, bool may_grant,
                              slot_t capability)
{
    (void)call, (void)capability;
    CHECK(slot >= SLOT_FIRST && fake_place_called(serial) != NULL);
    fake_place_called(serial)->given++;
    fake_place_called(serial)->granted += may_grant;
    return STATUS_OK;
}

static enum status keep_note(uint64_t serial, const uint8_t *note, size_t bytes)
{
    struct fake_place *place = fake_place_called(serial);

    CHECK(place != NULL && bytes <= sizeof place->note);
    memcpy(place->note, note, bytes);
    place->note_bytes = bytes;
    return STATUS_OK;
}

enum status peer_nursery_start(const struct call *call, uint64_t serial, uint64_t entry, uint64_t stack,
                               uint8_t priority, const uint8_t *note, size_t note_bytes)
{
    (void)call, (void)priority;
    CHECK(entry == FAKE_CODE && stack == FAKE_STACK + 8192);
    fake_place_called(serial)->seen.state = NURSERY_STATE_RUNNING;
    return keep_note(serial, note, note_bytes);
}

enum status peer_nursery_keep(const struct call *call, uint64_t serial, const uint8_t *note,
                              size_t note_bytes)
{
    (void)call;
    return keep_note(serial, note, note_bytes);
}

static void end_process(uint64_t serial, enum nursery_end end, uint64_t value)
{
    struct fake_place *place = fake_place_called(serial);

    CHECK(place != NULL && place->seen.state == NURSERY_STATE_RUNNING);
    place->seen.state = NURSERY_STATE_ENDED;
    place->seen.end = (uint8_t)end;
    place->seen.value = value;
}

enum status peer_nursery_stop(const struct call *call, uint64_t serial)
{
    (void)call;
    if (fake_place_called(serial)->seen.state == NURSERY_STATE_RUNNING)
        end_process(serial, NURSERY_END_STOPPED, 0);
    return STATUS_OK;
}

enum status peer_nursery_discard(const struct call *call, uint64_t serial)
{
    (void)call;
    CHECK(fake_place_called(serial) != NULL);
    *fake_place_called(serial) = (struct fake_place){0};
    return STATUS_OK;
}

enum status peer_nursery_look(const struct call *call, uint32_t place, struct nursery_place *found,
                              uint8_t *note, size_t note_room, size_t *note_bytes)
{
    (void)call, (void)note_room;
    CHECK(place < PROCESSES_MADE);
    *found = fake_places[place].seen;
    memcpy(note, fake_places[place].note, fake_places[place].note_bytes);
    *note_bytes = fake_places[place].note_bytes;
    return STATUS_OK;
}
