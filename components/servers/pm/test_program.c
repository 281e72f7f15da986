// Host test of the checker of programs: each field wrong in turn, and a lot of files that chance has changed.
// SPDX-License-Identifier: BSD-2-Clause

#include "fake_peers.h"

static struct program program;

static void make(void)
{
    static const char *const names[] = {"files", "log"};

    fake_program_make(names, 2);
}

static bool is_read(void)
{
    return fake_program_read(&program);
}

// The file with one field changed.
static void refuse(size_t at, uint64_t value, size_t bytes)
{
    make();
    put(at, value, bytes);
    if (is_read())
        printf("accepted: %zu bytes at %zu = 0x%llx\n", bytes, at, (unsigned long long)value);
    CHECK(!is_read());
}

TEST(a_program_is_read)
{
    make();
    CHECK(is_read());
    CHECK_EQUAL(program.entry, FAKE_CODE);
    CHECK_EQUAL(program.segment_count, 3);
    CHECK(program.segments[0].use == PROGRAM_CODE && program.segments[2].use == PROGRAM_DATA);
    CHECK_EQUAL(program.segments[2].range.bytes, 8192);
    CHECK_EQUAL(program.segments[2].file_bytes, 0x100);
    CHECK(program.stack.address == FAKE_STACK && program.heap.bytes == 0);
    CHECK_EQUAL(program.bytes, 4096 + 4096 + 8192 + 8192 + 4096);
    CHECK(program_slot(&program, "files") == 0 && program_slot(&program, "log") == 1);
    CHECK_EQUAL(program_slot(&program, "logs"), PROGRAM_NAMES_MAX);
}

TEST(another_kind_of_file_is_refused)
{
    for (unsigned i = 0; i < 7; i++)
        refuse(i, 0x55, 1);
    refuse(4, 1, 1);        // 32 bits
    refuse(5, 2, 1);        // big endian
    refuse(AT_TYPE, 3, 2);  // to be relocated
    refuse(AT_MACHINE, 8, 2);
    refuse(20, 2, 4);
    refuse(AT_HEAD_BYTES, 63, 2);
    refuse(54, 32, 2);
    for (uint32_t type = 2; type <= 3; type++)
        refuse(SEGMENT(1), type, 4);  // to be linked
    refuse(SEGMENT(1), 7, 4);         // with memory for each thread
}

TEST(headers_outside_the_file_are_refused)
{
    refuse(AT_COUNT, 0, 2);
    refuse(AT_COUNT, 17, 2);
    refuse(AT_COUNT, 0xffff, 2);
    refuse(AT_SEGMENTS, PROGRAM_HEAD_BYTES - 56 * 4 + 1, 8);
    refuse(AT_SEGMENTS, UINT64_MAX, 8);
    refuse(AT_SEGMENTS, UINT64_MAX - 100, 8);
    make();
    CHECK(!program_read_head(fake_file, 63, sizeof fake_file, &program));
    CHECK(!program_read_head(fake_file, PROGRAM_HEAD_BYTES, PROGRAM_HEAD_BYTES - 1, &program));
}

TEST(segments_outside_file_or_memory_are_refused)
{
    static const uint64_t addresses[] = {
        0, 1, FAKE_CODE + 1, 1ull << 32, (1ull << 32) - 4096 + 1, UINT64_MAX - 4095, 1ull << 63};

    for (unsigned i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        refuse(SEGMENT(2) + S_ADDRESS, addresses[i], 8);
    refuse(SEGMENT(2) + S_OFFSET, FAKE_BYTES, 8);
    refuse(SEGMENT(2) + S_OFFSET, UINT64_MAX, 8);
    refuse(SEGMENT(2) + S_OFFSET, UINT64_MAX - 0x100 + 1, 8);
    refuse(SEGMENT(2) + S_FILE, 0x1201, 8);  // more than in memory
    refuse(SEGMENT(2) + S_FILE, UINT64_MAX, 8);
    refuse(SEGMENT(2) + S_BYTES, (4ull << 20) + 1, 8);
    refuse(SEGMENT(2) + S_BYTES, UINT64_MAX, 8);
    refuse(SEGMENT(2) + S_BYTES, UINT64_MAX - 4095, 8);
}

TEST(memory_is_written_or_executed_and_never_both)
{
    refuse(SEGMENT(0) + S_FLAGS, 7, 4);
    refuse(SEGMENT(0) + S_FLAGS, 3, 4);
    refuse(SEGMENT(2) + S_FLAGS, 2, 4);  // and always read
    refuse(SEGMENT(2) + S_FLAGS, 0, 4);
    refuse(SEGMENT(2) + S_FLAGS, 14, 4);
}

TEST(the_entry_is_code)
{
    refuse(AT_ENTRY, FAKE_CODE - 1, 8);
    refuse(AT_ENTRY, FAKE_CODE + 0x1000, 8);
    refuse(AT_ENTRY, FAKE_DATA, 8);
    refuse(AT_ENTRY, UINT64_MAX, 8);
    refuse(SEGMENT(0) + S_FLAGS, 4, 4);
}

TEST(ranges_do_not_overlap)
{
    refuse(SEGMENT(2) + S_ADDRESS, FAKE_CODE, 8);
    refuse(SEGMENT(2) + S_ADDRESS, FAKE_CODE - 4096, 8);
    refuse(FAKE_NOTE_AT + 28, FAKE_CODE - 4096, 8);  // the stack in the code
    refuse(FAKE_NOTE_AT + 28, 0x203000, 8);          // and in the arguments
    refuse(FAKE_NOTE_AT + 60, FAKE_STACK, 8);
    refuse(FAKE_NOTE_AT + 60, FAKE_DATA + 4096, 8);
    make();
    put(FAKE_NOTE_AT + 44, FAKE_STACK, 8);  // the heap in the stack
    put(FAKE_NOTE_AT + 52, 4096, 8);
    CHECK(!is_read());
    put(FAKE_NOTE_AT + 44, 0x300000, 8);
    CHECK(is_read());
}

TEST(the_note_is_there_once_and_fits)
{
    refuse(SEGMENT(3), 6, 4);
    refuse(SEGMENT(2), 4, 4);
    refuse(SEGMENT(3) + S_FILE, 75, 8);
    refuse(SEGMENT(3) + S_FILE, PROGRAM_NOTE_BYTES + 1, 8);
    refuse(SEGMENT(3) + S_OFFSET, FAKE_BYTES - 10, 8);
    refuse(SEGMENT(3) + S_FILE, 76 + 24, 8);  // one name less than it says
    refuse(FAKE_NOTE_AT, 5, 4);
    refuse(FAKE_NOTE_AT + 4, 56, 4);
    refuse(FAKE_NOTE_AT + 4, UINT32_MAX, 4);
    refuse(FAKE_NOTE_AT + 8, 2, 4);
    refuse(FAKE_NOTE_AT + 12, 't', 1);
    refuse(FAKE_NOTE_AT + 20, 2, 4);
    refuse(FAKE_NOTE_AT + 24, 3, 4);
    refuse(FAKE_NOTE_AT + 24, UINT32_MAX, 4);
}

TEST(its_ranges_are_pages)
{
    refuse(FAKE_NOTE_AT + 28, FAKE_STACK + 8, 8);
    refuse(FAKE_NOTE_AT + 36, 0, 8);
    refuse(FAKE_NOTE_AT + 36, 8191, 8);
    refuse(FAKE_NOTE_AT + 36, UINT64_MAX - 4095, 8);
    refuse(FAKE_NOTE_AT + 52, 1, 8);
    refuse(FAKE_NOTE_AT + 52, 4096, 8);  // at 0
    refuse(FAKE_NOTE_AT + 68, 8192, 8);
}

TEST(its_names_are_words_and_differ)
{
    refuse(FAKE_NOTE_AT + 76, 0, 1);
    refuse(FAKE_NOTE_AT + 76, '\n', 1);
    refuse(FAKE_NOTE_AT + 76, 0x80, 1);
    make();
    memset(fake_file + FAKE_NOTE_AT + 76, 'x', 24);  // without an end
    CHECK(!is_read());
    make();
    memcpy(fake_file + FAKE_NOTE_AT + 76, "log\0\0", 5);  // twice
    CHECK(!is_read());
}

// --- By chance -------------------------------------------------------------------------------

static uint64_t state = 1;

static uint64_t next(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545f4914f6cdd1dull;
}

static const uint64_t values[] = {0,
                                  1,
                                  4095,
                                  4096,
                                  8192,
                                  1ull << 31,
                                  (1ull << 32) - 4096,
                                  1ull << 32,
                                  1ull << 63,
                                  UINT64_MAX - 4095,
                                  UINT64_MAX};

static void change_something(void)
{
    size_t at = next() % 2 ? next() % (64 + 4 * 56) : FAKE_NOTE_AT + next() % 124;

    switch (next() % 4) {
    case 0: fake_file[at] = (uint8_t)next(); break;
    case 1: fake_file[at] ^= (uint8_t)(1u << next() % 8); break;
    case 2: put(at, values[next() % (sizeof values / sizeof values[0])], 8); break;
    default: put(at / 8 * 8, FAKE_STACK - 4096 + next() % 16 * 4096, 8); break;
    }
}

static void check_range(const struct program_range *range)
{
    CHECK(range->address % 4096 == 0 && range->bytes % 4096 == 0 && range->address >= 4096);
    CHECK(range->bytes <= 4u << 20 && range->address <= (1ull << 32) - range->bytes);
}

// What a reader of the file may rely on.
static void check_program(void)
{
    struct program_range ranges[PROGRAM_SEGMENTS_MAX + 3];
    unsigned count = 0;

    for (unsigned i = 0; i < program.segment_count; i++) {
        const struct program_segment *segment = &program.segments[i];

        CHECK(segment->file_bytes <= segment->range.bytes && segment->offset <= FAKE_BYTES);
        CHECK(segment->file_bytes <= FAKE_BYTES - segment->offset);
        ranges[count++] = segment->range;
    }
    ranges[count++] = program.stack;
    ranges[count++] = program.arguments;
    if (program.heap.bytes != 0)
        ranges[count++] = program.heap;
    for (unsigned i = 0; i < count; i++) {
        check_range(&ranges[i]);
        for (unsigned j = 0; j < i; j++)
            CHECK(ranges[i].address + ranges[i].bytes <= ranges[j].address ||
                  ranges[j].address + ranges[j].bytes <= ranges[i].address);
    }
    for (unsigned i = 0; i < program.name_count; i++)
        CHECK_EQUAL(program_slot(&program, program.names[i]), i);
}

TEST(whatever_is_accepted_is_right)
{
    unsigned accepted = 0;

    for (unsigned i = 0; i < 300000; i++) {
        make();
        for (uint64_t changes = 1 + next() % 4; changes > 0; changes--)
            change_something();
        // Exactly as much is there as is said, so that a read behind it is seen.
        uint8_t *head = malloc(PROGRAM_HEAD_BYTES), *note = NULL;
        bool right;

        memcpy(head, fake_file, PROGRAM_HEAD_BYTES);
        right = program_read_head(head, PROGRAM_HEAD_BYTES, sizeof fake_file, &program);
        if (right) {
            note = malloc(program.note_bytes);
            memcpy(note, fake_file + program.note_offset, program.note_bytes);
            right = program_read_note(note, program.note_bytes, &program);
        }
        free(head);
        free(note);
        if (!right)
            continue;
        accepted++;
        check_program();
    }
    CHECK(accepted > 1000 && accepted < 200000);
}
