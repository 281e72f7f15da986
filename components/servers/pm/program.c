// See program.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "program.h"

#include <program_arch.h>
#include <string.h>

// The file's structures (ELF-64; System V gABI, chapters 4 and 5). All are read by copies: nothing in a file
// is aligned.
struct head {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version;
    uint64_t entry, segments_at, sections_at;
    uint32_t flags;
    uint16_t head_bytes, segment_bytes, segments, section_bytes, sections, names;
};
_Static_assert(sizeof(struct head) == 64, "as in the file");

struct segment_head {
    uint32_t type, flags;
    uint64_t offset, address, physical, file_bytes, bytes, align;
};
_Static_assert(sizeof(struct segment_head) == 56, "as in the file");

struct note {
    uint32_t name_bytes, content_bytes, type;
    char name[8];
    uint32_t version, names;  // behind them: RANGES ranges, and the names
};
_Static_assert(sizeof(struct note) == 28, "as in the file");

enum { STACK, HEAP, ARGUMENTS, RANGES };
#define NOTE_FIXED (sizeof(struct note) + RANGES * sizeof(struct program_range))

#define NOTE_HEAD   20u  // before its contents
#define HEADERS_MAX 16
#define LAST        (1ull << 32)  // where a process's memory ends
#define RANGE_MOST  (4u << 20)    // what the nursery makes in one piece

#define TYPE_EXEC 2

#define SEGMENT_LOAD        1
#define SEGMENT_DYNAMIC     2
#define SEGMENT_INTERPRETER 3
#define SEGMENT_NOTE        4
#define SEGMENT_TLS         7

#define FLAG_EXECUTE 1u
#define FLAG_WRITE   2u
#define FLAG_READ    4u

static const uint8_t ident[] = {0x7f, 'E', 'L', 'F', 2, 1, 1};  // 64 bits, little endian, version 1

static bool is_within(uint64_t offset, uint64_t bytes, uint64_t whole)
{
    return bytes <= whole && offset <= whole - bytes;
}

// --- Ranges ----------------------------------------------------------------------------------

static bool range_is_possible(const struct program_range *range)
{
    return range->address % PROGRAM_PAGE == 0 && range->bytes % PROGRAM_PAGE == 0 && range->bytes != 0 &&
           range->bytes <= RANGE_MOST && range->address >= PROGRAM_PAGE &&
           range->address <= LAST - range->bytes;
}

static bool ranges_overlap(const struct program_range *a, const struct program_range *b)
{
    return a->address < b->address + b->bytes && b->address < a->address + a->bytes;
}

static bool is_free(const struct program *program, const struct program_range *range)
{
    for (unsigned i = 0; i < program->segment_count; i++) {
        if (ranges_overlap(&program->segments[i].range, range))
            return false;
    }
    return true;
}

// --- Head ------------------------------------------------------------------------------------

static bool head_is_right(const struct head *head, size_t bytes)
{
    return memcmp(head->ident, ident, sizeof ident) == 0 && head->type == TYPE_EXEC &&
           head->machine == ARCH_ELF_MACHINE && head->version == 1 && head->head_bytes == sizeof *head &&
           head->segment_bytes == sizeof(struct segment_head) && head->segments != 0 &&
           head->segments <= HEADERS_MAX &&
           is_within(head->segments_at, head->segments * sizeof(struct segment_head), bytes);
}

static bool use_of(uint32_t flags, enum program_use *use)
{
    switch (flags) {
    case FLAG_READ: *use = PROGRAM_CONSTANTS; return true;
    case FLAG_READ | FLAG_WRITE: *use = PROGRAM_DATA; return true;
    case FLAG_READ | FLAG_EXECUTE: *use = PROGRAM_CODE; return true;
    default: return false;
    }
}

static bool add_segment(struct program *program, const struct segment_head *head, uint64_t file_bytes)
{
    struct program_segment segment = {.offset = head->offset, .file_bytes = head->file_bytes};

    if (head->bytes > RANGE_MOST || head->file_bytes > head->bytes ||
        !is_within(head->offset, head->file_bytes, file_bytes) || !use_of(head->flags, &segment.use))
        return false;
    segment.range.address = head->address;
    segment.range.bytes = (head->bytes + PROGRAM_PAGE - 1) / PROGRAM_PAGE * PROGRAM_PAGE;
    if (program->segment_count == PROGRAM_SEGMENTS_MAX || !range_is_possible(&segment.range) ||
        !is_free(program, &segment.range))
        return false;
    program->segments[program->segment_count++] = segment;
    program->bytes += segment.range.bytes;
    return true;
}

static bool add_note(struct program *program, const struct segment_head *head, uint64_t file_bytes)
{
    if (program->note_bytes != 0 || head->file_bytes < NOTE_FIXED || head->file_bytes > PROGRAM_NOTE_BYTES ||
        !is_within(head->offset, head->file_bytes, file_bytes))
        return false;
    program->note_offset = head->offset;
    program->note_bytes = head->file_bytes;
    return true;
}

// What is neither memory nor the note is for other readers of the file, unless the program could not run
// without it.
static bool add_header(struct program *program, const struct segment_head *head, uint64_t file_bytes)
{
    switch (head->type) {
    case SEGMENT_LOAD: return head->bytes == 0 || add_segment(program, head, file_bytes);
    case SEGMENT_NOTE: return add_note(program, head, file_bytes);
    case SEGMENT_DYNAMIC:
    case SEGMENT_INTERPRETER:
    case SEGMENT_TLS: return false;
    default: return true;
    }
}

static bool is_code(const struct program *program, uint64_t address)
{
    for (unsigned i = 0; i < program->segment_count; i++) {
        const struct program_segment *segment = &program->segments[i];

        if (segment->use == PROGRAM_CODE && address >= segment->range.address &&
            address - segment->range.address < segment->file_bytes)
            return true;
    }
    return false;
}

bool program_read_head(const uint8_t *head, size_t bytes, uint64_t file_bytes, struct program *program)
{
    struct head file;

    *program = (struct program){0};
    if (bytes < sizeof file || bytes > file_bytes)
        return false;
    memcpy(&file, head, sizeof file);
    if (!head_is_right(&file, bytes))
        return false;
    for (unsigned i = 0; i < file.segments; i++) {
        struct segment_head segment;

        memcpy(&segment, head + file.segments_at + i * sizeof segment, sizeof segment);
        if (!add_header(program, &segment, file_bytes))
            return false;
    }
    program->entry = file.entry;
    return program->note_bytes != 0 && is_code(program, program->entry);
}

// --- Note ------------------------------------------------------------------------------------

static bool note_is_right(const struct note *note, size_t bytes)
{
    return note->name_bytes == sizeof "Tenon" && note->type == 1 &&
           memcmp(note->name, "Tenon\0\0", sizeof note->name) == 0 && note->version == 1 &&
           note->names <= PROGRAM_NAMES_MAX &&
           note->content_bytes == NOTE_FIXED - NOTE_HEAD + note->names * PROGRAM_NAME_BYTES &&
           note->content_bytes <= bytes - NOTE_HEAD;
}

static bool add_range(struct program *program, const struct program_range *range, struct program_range *own)
{
    if (!range_is_possible(range) || !is_free(program, range))
        return false;
    *own = *range;
    program->bytes += range->bytes;
    return true;
}

static bool add_ranges(struct program *program, const struct program_range ranges[RANGES])
{
    if (!add_range(program, &ranges[STACK], &program->stack) ||
        !add_range(program, &ranges[ARGUMENTS], &program->arguments))
        return false;
    if (ranges_overlap(&program->stack, &program->arguments) || program->arguments.bytes != PROGRAM_PAGE)
        return false;
    if (ranges[HEAP].bytes == 0)
        return true;
    return add_range(program, &ranges[HEAP], &program->heap) &&
           !ranges_overlap(&program->heap, &program->stack) &&
           !ranges_overlap(&program->heap, &program->arguments);
}

static bool name_is_right(const struct program *program, const char name[PROGRAM_NAME_BYTES])
{
    size_t length = strnlen(name, PROGRAM_NAME_BYTES);

    for (size_t i = 0; i < length; i++) {
        if (name[i] <= ' ' || name[i] > '~')
            return false;
    }
    return length != 0 && length < PROGRAM_NAME_BYTES && program_slot(program, name) == PROGRAM_NAMES_MAX;
}

bool program_read_note(const uint8_t *bytes, size_t count, struct program *program)
{
    struct note note;
    struct program_range ranges[RANGES];

    program->name_count = 0;
    if (count < NOTE_FIXED || count > PROGRAM_NOTE_BYTES)
        return false;
    memcpy(&note, bytes, sizeof note);
    memcpy(ranges, bytes + sizeof note, sizeof ranges);
    if (!note_is_right(&note, count) || !add_ranges(program, ranges))
        return false;
    for (unsigned i = 0; i < note.names; i++) {
        char *name = program->names[i];

        memcpy(name, bytes + NOTE_FIXED + i * PROGRAM_NAME_BYTES, PROGRAM_NAME_BYTES);
        if (!name_is_right(program, name))
            return false;
        program->name_count++;
    }
    return true;
}

unsigned program_slot(const struct program *program, const char *name)
{
    for (unsigned i = 0; i < program->name_count; i++) {
        if (strcmp(program->names[i], name) == 0)
            return i;
    }
    return PROGRAM_NAMES_MAX;
}
