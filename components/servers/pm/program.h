// A program's file, checked: what it says of itself, and nothing that can hurt who loads it.
//
// It is a static ELF file of 64 bits for this machine, with a note that says where its stack, heap and
// arguments are, and which capabilities it wants in its first slots (tools/builder/disk_programs.py writes
// it). A value of struct program has no overlap and no number out of range; what its segments contain is
// nobody's concern but the program's. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRAM_HEAD_BYTES   1024  // as much of a file's beginning holds all headers
#define PROGRAM_NOTE_BYTES   1024
#define PROGRAM_SEGMENTS_MAX 5
#define PROGRAM_NAMES_MAX    31
#define PROGRAM_NAME_BYTES   24  // with a zero at its end
#define PROGRAM_PAGE         4096u

enum program_use { PROGRAM_CONSTANTS, PROGRAM_DATA, PROGRAM_CODE };

// Whole pages.
struct program_range {
    uint64_t address, bytes;
};

struct program_segment {
    struct program_range range;
    uint64_t offset, file_bytes;  // what the file holds of it
    enum program_use use;
};

struct program {
    uint64_t entry;
    struct program_segment segments[PROGRAM_SEGMENTS_MAX];
    unsigned segment_count;
    uint64_t note_offset, note_bytes;
    struct program_range stack, heap, arguments;  // heap.bytes may be 0
    char names[PROGRAM_NAMES_MAX][PROGRAM_NAME_BYTES];
    unsigned name_count;
    uint64_t bytes;  // of all its memory
};

// Reads the headers: the first `bytes` of a file of `file_bytes`. False: it is no program.
bool program_read_head(const uint8_t *head, size_t bytes, uint64_t file_bytes, struct program *program);

// Reads the note, after the head: program->note_bytes at program->note_offset. False: it is no program.
bool program_read_note(const uint8_t *note, size_t bytes, struct program *program);

// The slot's number among those that are given, from 0; PROGRAM_NAMES_MAX for a name that the program does
// not have.
unsigned program_slot(const struct program *program, const char *name);
