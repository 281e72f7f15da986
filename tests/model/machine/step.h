// One step of a recorded run, as the program on the machine (arch/<isa>/program.S) reads it; record_calls.c
// writes them. A thread that comes to a step first adds to the digest what its last one brought (`kept`),
// then does this one. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define STEP_BYTES  112
#define STEP_KIND   0   // 32 bits
#define STEP_NUMBER 4   // 32 bits: of the system call; of a fault, its reason
#define STEP_SEEN   8   // 32 bits: SEEN_*
#define STEP_PRINT  12  // 32 bits: 1: then the digest is printed
#define STEP_WORDS \
    16  // 12 words: the message registers; of the other kinds the first is an address, the second a value

#define KIND_STEP_CALL  0
#define KIND_STEP_STORE 1
#define KIND_STEP_LOAD  2
#define KIND_STEP_FAULT 3
#define KIND_STEP_END   4

#define READS 1  // STEP_NUMBER of a fault: FAULT_READ; anything else writes

// What the thread brings: bits 0 to 11 say which message registers count.
#define SEEN_MESSAGE 12  // bit: a message call ended, so the scratch registers must be 0
#define SEEN_START   13  // bit: the thread begins here, with an argument and a stack pointer
#define SEEN_CALL \
    14  // bit: a system call ended; its registers, and those that every call keeps, are looked at
#define SEEN_LOADED 15  // bit: it read a word of its memory

// The digest takes in a word by: digest = (digest ^ word) * DIGEST_FACTOR; digest ^= digest >> DIGEST_SHIFT.
#define DIGEST_FACTOR 0x9e3779b97f4a7c15
#define DIGEST_SHIFT  29
#define DIGEST_START  0x5bd1e995

// Where every component of the machine's layout has them.
#define PROGRAM_ADDRESS  0x330000
#define BOARD_ADDRESS    0x340000  // what all threads share: the program's own memory
#define SCRIPT_ADDRESS   0x350000
#define SCRIPT_BYTES_MAX 0xa0000

#define BOARD_DIGEST     0
#define BOARD_CURSOR     8
#define BOARD_SAVED      64    // registers
#define BOARD_LINE       1024  // of text: "s STEP DIGEST", both in hexadecimal
#define LINE_BYTES       28
#define SLOT_OF_CONSOLE  14
#define UNMAPPED_ADDRESS 0x3ff000
