// For the tests: a program as the builder links it, to be changed.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <program_arch.h>
#include <string.h>

#include "program.h"

#define FAKE_BYTES   12288u
#define FAKE_CODE    0x205000u
#define FAKE_DATA    0x207000u
#define FAKE_STACK   0x201000u
#define FAKE_NOTE_AT 0x2000u

// Where the fields are that tests change.
#define AT_TYPE       16
#define AT_MACHINE    18
#define AT_ENTRY      24
#define AT_SEGMENTS   32
#define AT_HEAD_BYTES 52
#define AT_COUNT      56
#define SEGMENT(n)    (64 + 56 * (n))
#define S_FLAGS       4
#define S_OFFSET      8
#define S_ADDRESS     16
#define S_FILE        32
#define S_BYTES       40

static uint8_t fake_file[FAKE_BYTES];

static inline void put(size_t at, uint64_t value, size_t bytes)
{
    memcpy(fake_file + at, &value, bytes);
}

static inline void put_segment(unsigned n, uint32_t type, uint32_t flags, uint64_t offset, uint64_t address,
                               uint64_t file_bytes, uint64_t bytes)
{
    const uint64_t values[] = {offset, address, address, file_bytes, bytes, 4096};

    put(SEGMENT(n), type, 4);
    put(SEGMENT(n) + S_FLAGS, flags, 4);
    memcpy(fake_file + SEGMENT(n) + S_OFFSET, values, sizeof values);
}

static inline void put_note(const char *const *names, unsigned count)
{
    const uint32_t head[] = {6, 56 + 24 * count, 1};
    const uint32_t version[] = {1, count};
    const uint64_t ranges[] = {FAKE_STACK, 8192, 0, 0, 0x204000, 4096};
    uint8_t *at = fake_file + FAKE_NOTE_AT;

    memcpy(at, head, sizeof head);
    memcpy(at + 12, "Tenon\0\0", 8);
    memcpy(at + 20, version, sizeof version);
    memcpy(at + 28, ranges, sizeof ranges);
    memset(at + 76, 0, 24 * count);
    for (unsigned i = 0; i < count; i++)
        memcpy(at + 76 + 24 * i, names[i], strlen(names[i]));
    put_segment(3, 4, 4, FAKE_NOTE_AT, 0x206000, 76 + 24 * count, 76 + 24 * count);
}

static inline void fake_program_make(const char *const *names, unsigned count)
{
    memset(fake_file, 0, sizeof fake_file);
    memcpy(fake_file, "\177ELF\2\1\1", 7);
    put(AT_TYPE, 2, 2);
    put(AT_MACHINE, ARCH_ELF_MACHINE, 2);
    put(20, 1, 4);
    put(AT_ENTRY, FAKE_CODE, 8);
    put(AT_SEGMENTS, 64, 8);
    put(AT_HEAD_BYTES, 64, 2);
    put(54, 56, 2);
    put(AT_COUNT, 4, 2);
    put_segment(0, 1, 5, 0x1000, FAKE_CODE, 0x1000, 0x1000);
    put_segment(1, 1, 4, 0x2000, 0x206000, 0x400, 0x400);
    put_segment(2, 1, 6, 0x2800, FAKE_DATA, 0x100, 0x1200);
    put_note(names, count);
}

static inline bool fake_program_read(struct program *program)
{
    return program_read_head(fake_file, PROGRAM_HEAD_BYTES, sizeof fake_file, program) &&
           program_read_note(fake_file + program->note_offset, program->note_bytes, program);
}
