// See spawn.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "spawn.h"

#include <files_client.h>
#include <string.h>

#define CHUNK 16384u  // bytes that go from the file to the nursery at a time

_Static_assert(CHUNK >= PROGRAM_HEAD_BYTES && CHUNK >= PROGRAM_NOTE_BYTES, "each is read in one piece");

static uint8_t chunk[CHUNK];

// --- The file --------------------------------------------------------------------------------

static enum status open_error(enum status status)
{
    switch ((unsigned)status) {
    case STATUS_OK: return STATUS_OK;
    case FILES_ERROR_ABSENT:
    case FILES_ERROR_NOT_DIRECTORY:
    case FILES_ERROR_BAD_PATH:
    case FILES_ERROR_NOT_FILE: return PROCESSES_ERROR_ABSENT;
    default: return PROCESSES_ERROR_IO;
    }
}

// As many bytes at that offset, into `chunk`. A file that is shorter meanwhile is no program.
static enum status read_at(uint32_t file, uint64_t offset, size_t bytes)
{
    size_t count = 0;

    if (client_seek(file, offset) != STATUS_OK ||
        client_read(file, chunk, (uint32_t)bytes, &count) != STATUS_OK)
        return PROCESSES_ERROR_IO;
    return count == bytes ? STATUS_OK : (enum status)PROCESSES_ERROR_NOT_PROGRAM;
}

static enum status read_program(uint32_t file, uint64_t file_bytes, struct program *program)
{
    size_t bytes = file_bytes < PROGRAM_HEAD_BYTES ? (size_t)file_bytes : PROGRAM_HEAD_BYTES;
    enum status status = read_at(file, 0, bytes);

    if (status == STATUS_OK && !program_read_head(chunk, bytes, file_bytes, program))
        status = PROCESSES_ERROR_NOT_PROGRAM;
    if (status == STATUS_OK)
        status = read_at(file, program->note_offset, program->note_bytes);
    if (status == STATUS_OK && !program_read_note(chunk, program->note_bytes, program))
        status = PROCESSES_ERROR_NOT_PROGRAM;
    return status;
}

// --- The process -----------------------------------------------------------------------------

// Whatever else the nursery says, it could not do it.
static enum status nursery_error(enum status status)
{
    return status == STATUS_OK ? STATUS_OK : (enum status)PROCESSES_ERROR_NO_MEMORY;
}

static enum status fill(uint64_t serial, uint32_t file, const struct program_segment *segment)
{
    for (uint64_t done = 0; done < segment->file_bytes;) {
        uint64_t left = segment->file_bytes - done;
        size_t bytes = left < CHUNK ? (size_t)left : CHUNK;
        enum status status = read_at(file, segment->offset + done, bytes);

        if (status == STATUS_OK)
            status = nursery_error(nursery_fill(serial, segment->range.address + done, chunk, bytes));
        if (status != STATUS_OK)
            return status;
        done += bytes;
    }
    return STATUS_OK;
}

static enum status add(uint64_t serial, const struct program_range *range, enum nursery_use use)
{
    return range->bytes == 0 ? STATUS_OK
                             : nursery_error(nursery_add(serial, range->address, range->bytes, use));
}

static enum nursery_use use_of(enum program_use use)
{
    switch (use) {
    case PROGRAM_CODE: return NURSERY_USE_CODE;
    case PROGRAM_DATA: return NURSERY_USE_DATA;
    default: return NURSERY_USE_CONSTANTS;
    }
}

static enum status add_memory(uint64_t serial, uint32_t file, const struct program *program)
{
    enum status status = add(serial, &program->stack, NURSERY_USE_DATA);

    if (status == STATUS_OK)
        status = add(serial, &program->heap, NURSERY_USE_DATA);
    if (status == STATUS_OK)
        status = add(serial, &program->arguments, NURSERY_USE_CONSTANTS);
    for (unsigned i = 0; i < program->segment_count && status == STATUS_OK; i++) {
        status = add(serial, &program->segments[i].range, use_of(program->segments[i].use));
        if (status == STATUS_OK)
            status = fill(serial, file, &program->segments[i]);
    }
    return status;
}

static enum status make(unsigned place, uint32_t file)
{
    struct process *process = process_at(place);
    enum status status = nursery_error(nursery_make(place, &process->seen.serial));

    if (status != STATUS_OK)
        return status;
    process->seen.state = NURSERY_STATE_MADE;
    status = add_memory(process->seen.serial, file, &process->program);
    if (status != STATUS_OK)
        process_discard(process);
    return status;
}

static enum status prepare_from(uint32_t file, uint64_t file_bytes, unsigned place, uint64_t memory_limit)
{
    struct process *process = process_at(place);
    enum status status = read_program(file, file_bytes, &process->program);

    if (status == STATUS_OK && process->program.bytes > memory_limit)
        status = PROCESSES_ERROR_MEMORY;
    return status == STATUS_OK ? make(place, file) : status;
}

// A name in the folder of programs. Files are read by our right to them, not the spawner's: who could name
// any path would learn what is there.
static bool is_in_folder(const char *path)
{
    const size_t length = sizeof CONFIG_FOLDER - 1;

    return strncmp(path, CONFIG_FOLDER "/", length + 1) == 0 && strchr(path + length + 1, '/') == NULL;
}

enum status spawn_prepare(unsigned place, const char *path, uint64_t memory_limit)
{
    struct files_node node;
    uint32_t file;
    enum status status =
        is_in_folder(path) ? open_error(client_stat(path, &node)) : (enum status)PROCESSES_ERROR_ABSENT;

    if (status == STATUS_OK && node.kind != FILES_KIND_FILE)
        status = PROCESSES_ERROR_ABSENT;
    if (status == STATUS_OK)
        status = open_error(client_open(path, FILES_MODE_READ, &file));
    if (status != STATUS_OK)
        return status;
    *process_at(place) = (struct process){0};
    status = prepare_from(file, node.size, place, memory_limit);
    (void)!client_close(file);  // if that fails, our next session closes it
    if (status != STATUS_OK)
        *process_at(place) = (struct process){0};
    return status;
}

enum status spawn_start(struct process *process, const char *arguments)
{
    const struct program *program = &process->program;
    enum status status = nursery_error(
        nursery_fill(process->seen.serial, program->arguments.address, arguments, strlen(arguments)));

    if (status == STATUS_OK)
        status = nursery_error(
            nursery_start(process->seen.serial, program->entry, program->stack.address + program->stack.bytes,
                          (uint8_t)process->note.priority, &process->note, sizeof process->note));
    if (status == STATUS_OK)
        process->seen.state = NURSERY_STATE_RUNNING;
    return status;
}
