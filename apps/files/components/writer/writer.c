// Writer: makes a directory of its own, writes a file there that is called `part` until it is whole and
// `data` then, and reads all of it again.
//
// The bytes depend on the seed, the instance and the position only, so the host can tell what they should be.
// The pieces are of all sizes; in between it looks back at earlier ones, writes too much and cuts it off, and
// syncs. SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <tenon/log.h>
#include <tenon/panic.h>

#include "requests.h"

static uint8_t piece[PIECE_BYTES], expected[PIECE_BYTES];
static uint64_t seed;

// SplitMix64 (Steele, Lea, Flood 2014): the n-th number, for any n.
static uint64_t number_at(uint64_t n)
{
    uint64_t z = seed + (n + 1) * 0x9e3779b97f4a7c15ull;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

static uint64_t choices;

// Choices are numbers from the far end of the same sequence.
static uint32_t choose(uint32_t below)
{
    return (uint32_t)((number_at(UINT64_MAX - 1 - choices++) >> 32) % below);
}

// The file's bytes from `position` on.
static void fill(uint8_t *to, uint64_t position, uint32_t bytes)
{
    uint64_t word = number_at(position / 8);

    for (uint32_t i = 0; i < bytes; i++, position++) {
        if (position % 8 == 0)
            word = number_at(position / 8);
        to[i] = (uint8_t)(word >> position % 8 * 8);
    }
}

static void check(uint32_t file, uint64_t position, uint32_t bytes)
{
    request_seek(file, position);
    size_t got = request_read(file, piece, bytes);

    fill(expected, position, bytes);
    if (got != bytes || memcmp(piece, expected, bytes) != 0)
        panic("at %" PRIu64 ": %zu of %" PRIu32 " bytes, or others than were written", position, got, bytes);
}

static uint32_t smaller(uint64_t a, uint32_t b)
{
    return a < b ? (uint32_t)a : b;
}

static void look_back(uint32_t file, uint64_t written)
{
    uint64_t position = written / 1000 * choose(1000);

    check(file, position, smaller(written - position, 1 + choose(PIECE_BYTES)));
    request_seek(file, written);
}

// Too much, and cut off again.
static void overshoot(uint32_t file, uint64_t written)
{
    memset(piece, 0xee, sizeof piece);
    request_write(file, piece, 1 + choose(20000));
    request_truncate(file, written);
    request_seek(file, written);
}

static void write_all(uint32_t file)
{
    for (uint64_t written = 0; written < CONFIG_BYTES;) {
        uint32_t bytes = smaller(CONFIG_BYTES - written, 1 + choose(choose(3) == 0 ? 3000 : PIECE_BYTES));

        fill(piece, written, bytes);
        request_write(file, piece, bytes);
        written += bytes;
        switch (choose(8)) {
        case 0: look_back(file, written); break;
        case 1: overshoot(file, written); break;
        case 2: request_sync(file); break;
        default: break;
        }
    }
    request_sync(file);
}

static void read_all(const char *path)
{
    uint32_t file = request_open(path, FILES_MODE_READ);

    if (request_size(path) != CONFIG_BYTES)
        panic("%s has %" PRIu64 " bytes", path, request_size(path));
    for (uint64_t position = 0; position < CONFIG_BYTES; position += PIECE_BYTES)
        check(file, position, smaller(CONFIG_BYTES - position, PIECE_BYTES));
    request_close(file);
}

int main(void)
{
    char directory[40], part[48], data[48];

    seed = CONFIG_SEED;
    for (const char *c = INSTANCE_NAME; *c != 0; c++)
        seed = number_at((uint8_t)*c);
    snprintf(directory, sizeof directory, "/%.30s", INSTANCE_NAME);
    snprintf(part, sizeof part, "%s/part", directory);
    snprintf(data, sizeof data, "%s/data", directory);
    request_begin();
    request_make_directory(directory);
    uint32_t file =
        request_open(part, FILES_MODE_READ | FILES_MODE_WRITE | FILES_MODE_CREATE | FILES_MODE_EXCLUSIVE);

    log_info("writes %" PRIu64 " bytes", (uint64_t)CONFIG_BYTES);
    write_all(file);
    request_close(file);
    request_rename(part, data);
    read_all(data);
    log_info("%s is whole", data);
    return 0;
}
