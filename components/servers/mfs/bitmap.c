// Searching goes on where the last one ended, so that a file's zones lie one behind the other.
// SPDX-License-Identifier: BSD-2-Clause

#include "bitmap.h"

#include "cache.h"

#define WORD_BITS 64u

static uint32_t next_bit[2]; // where to search first; a hint

static uint32_t first_block(enum map map)
{
    return map == MAP_INODES ? FIRST_MAP_BLOCK : geometry.zone_map;
}

// Bits from 1 up to, not including, this one stand for something.
static uint32_t bits(enum map map)
{
    return map == MAP_INODES ? geometry.inodes + 1 : geometry.zones - geometry.first_data_zone + 1;
}

static uint32_t bit_of(enum map map, uint32_t number)
{
    return map == MAP_INODES ? number : number - geometry.first_data_zone + 1;
}

static uint32_t number_of(enum map map, uint32_t bit)
{
    return map == MAP_INODES ? bit : bit + geometry.first_data_zone - 1;
}

static enum status read_word(enum map map, uint32_t bit, uint64_t *word)
{
    return cache_read(first_block(map) + bit / BITS_PER_BLOCK, bit % BITS_PER_BLOCK / WORD_BITS * 8, word, 8);
}

static enum status write_word(enum map map, uint32_t bit, uint64_t word)
{
    return cache_write(first_block(map) + bit / BITS_PER_BLOCK, bit % BITS_PER_BLOCK / WORD_BITS * 8, &word, 8);
}

// The first bit that is zero, in [from, end). `end`: none is.
static enum status search(enum map map, uint32_t from, uint32_t end, uint32_t *found)
{
    uint32_t bit = from;

    while (bit < end) {
        uint64_t word;
        enum status status = read_word(map, bit, &word);

        if (status != STATUS_OK)
            return status;
        word |= (1ull << bit % WORD_BITS) - 1; // bits below `from` do not count
        if (word != UINT64_MAX) {
            bit = bit / WORD_BITS * WORD_BITS + (uint32_t)__builtin_ctzll(~word);
            break;
        }
        bit = (bit / WORD_BITS + 1) * WORD_BITS;
    }
    *found = bit < end ? bit : end;
    return STATUS_OK;
}

enum status bitmap_allocate(enum map map, uint32_t *number)
{
    uint32_t end = bits(map), start = next_bit[map] > 0 && next_bit[map] < end ? next_bit[map] : 1, bit;
    enum status status = search(map, start, end, &bit);
    uint64_t word;

    if (status == STATUS_OK && bit == end) {
        status = search(map, 1, start, &bit);
        if (status == STATUS_OK && bit == start)
            return FILE_SYSTEM_ERROR_NO_SPACE;
    }
    if (status == STATUS_OK)
        status = read_word(map, bit, &word);
    if (status == STATUS_OK)
        status = write_word(map, bit, word | 1ull << bit % WORD_BITS);
    if (status != STATUS_OK)
        return status;
    next_bit[map] = bit + 1;
    *number = number_of(map, bit);
    return STATUS_OK;
}

enum status bitmap_free(enum map map, uint32_t number)
{
    uint32_t bit = bit_of(map, number);
    uint64_t word;
    enum status status = read_word(map, bit, &word);

    return status == STATUS_OK ? write_word(map, bit, word & ~(1ull << bit % WORD_BITS)) : status;
}

enum status bitmap_is_set(enum map map, uint32_t number, bool *set)
{
    uint32_t bit = bit_of(map, number);
    uint64_t word;
    enum status status = read_word(map, bit, &word);

    if (status == STATUS_OK)
        *set = word >> bit % WORD_BITS & 1;
    return status;
}
