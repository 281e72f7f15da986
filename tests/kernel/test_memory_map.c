// Host test of kernel/arch/x86_64/memory_map.c and multiboot2.c: maps as firmware gives them, then cut and
// mutated ones. The buffers are as long as the information, so the address sanitizer sees a read past its
// end. SPDX-License-Identifier: BSD-2-Clause
#include "../../kernel/arch/x86_64/memory_map.h"

#include "check.h"

#include <string.h>

#define RAM      1
#define RESERVED 2
#define ACPI     3
#define NVS      4
#define MIB      0x100000ull

struct entry {
    uint64_t base, bytes;
    uint32_t type, zero;
};

// What UEFI leaves of 256 MiB: low memory in pieces, one large range.
static const struct entry uefi[] = {{0, 0xa0000, RAM, 0},          {MIB, 7 * MIB, RAM, 0},
                                    {8 * MIB, 0x8000, NVS, 0},     {0x808000, 0x3000, RAM, 0},
                                    {0x80b000, 0x1000, NVS, 0},    {0x80c000, 0x4000, RAM, 0},
                                    {0x810000, 0xf0000, NVS, 0},   {9 * MIB, 200 * MIB, RAM, 0},
                                    {209 * MIB, 0x20000, ACPI, 0}, {210 * MIB, MIB, RESERVED, 0}};

#define COUNT(entries) (sizeof(entries) / sizeof(entries)[0])

static paddr_t end_of(const struct entry *entries, uint32_t count, paddr_t inside)
{
    struct entry *copy = malloc(count * sizeof *copy);

    memcpy(copy, entries, count * sizeof *copy);
    paddr_t end = memory_map_end(&(struct memory_map){(const uint8_t *)copy, count, sizeof *copy}, inside);

    free(copy);
    return end;
}

TEST(memory_ends_where_another_range_begins)
{
    CHECK_EQUAL(end_of(uefi, COUNT(uefi), 2 * MIB), 8 * MIB);
    CHECK_EQUAL(end_of(uefi, COUNT(uefi), 16 * MIB), 209 * MIB);
    CHECK_EQUAL(end_of(uefi, COUNT(uefi), 9 * MIB), 209 * MIB);
}

TEST(what_is_no_memory_has_no_end)
{
    CHECK_EQUAL(end_of(uefi, COUNT(uefi), 8 * MIB), 8 * MIB);
    CHECK_EQUAL(end_of(uefi, COUNT(uefi), 210 * MIB), 210 * MIB);
    CHECK_EQUAL(end_of(uefi, COUNT(uefi), 0xb0000), 0xb0000);
    CHECK_EQUAL(end_of(uefi, COUNT(uefi), 1ull << 40), 1ull << 40);
    CHECK_EQUAL(end_of(uefi, 0, 16 * MIB), 16 * MIB);
}

TEST(ranges_that_touch_are_one_in_any_order)
{
    static const struct entry pieces[] = {{32 * MIB, 16 * MIB, RAM, 0},
                                          {24 * MIB, 8 * MIB, RAM, 0},
                                          {16 * MIB, 10 * MIB, RAM, 0},
                                          {49 * MIB, MIB, RAM, 0}};

    CHECK_EQUAL(end_of(pieces, COUNT(pieces), 20 * MIB), 48 * MIB);
}

TEST(somebody_elses_wins_over_memory)
{
    static const struct entry overlap[] = {
        {18 * MIB, 1, 7, 0}, {16 * MIB, 64 * MIB, RAM, 0}, {32 * MIB, MIB, RESERVED, 0}};

    CHECK_EQUAL(end_of(overlap, COUNT(overlap), 20 * MIB), 32 * MIB);
    CHECK_EQUAL(end_of(overlap, COUNT(overlap), 17 * MIB), 18 * MIB);
    CHECK_EQUAL(end_of(overlap, COUNT(overlap), 32 * MIB + 5), 32 * MIB + 5);
    CHECK_EQUAL(end_of(overlap, COUNT(overlap), 33 * MIB), 80 * MIB);
}

TEST(a_range_past_the_end_of_addresses_ends_there)
{
    static const struct entry endless[] = {{MIB, UINT64_MAX, RAM, 0}};

    CHECK_EQUAL(end_of(endless, 1, 2 * MIB), UINT64_MAX);
}

// --- Multiboot 2 -------------------------------------------------------------------------------------

#define ENTRY_COUNT 2

struct information {
    uint32_t total, zero;
    uint32_t name_type, name_bytes;
    char name[8];  // 5 are used: the next tag is at a multiple of 8
    uint32_t map_type, map_bytes, entry_bytes, version;
    struct entry entries[ENTRY_COUNT];
    uint32_t end_type, end_bytes;
};

static const struct information good = {sizeof good,
                                        0,
                                        2,
                                        13,
                                        "GRUB",
                                        6,
                                        16 + ENTRY_COUNT * 24,
                                        24,
                                        0,
                                        {{0, 0xa0000, RAM, 0}, {MIB, 255 * MIB, RAM, 0}},
                                        0,
                                        8};

// Reads a copy that is exactly `bytes` long, map and all.
static bool read_exactly(const struct information *information, uint64_t bytes, paddr_t *end)
{
    void *copy = malloc(bytes ? bytes : 1);
    struct memory_map map;

    memcpy(copy, information, bytes);
    bool found = multiboot2_map(copy, bytes, &map);

    if (found)
        *end = memory_map_end(&map, 2 * MIB);
    free(copy);
    return found;
}

TEST(the_map_is_found_behind_other_tags)
{
    paddr_t end;

    CHECK(read_exactly(&good, sizeof good, &end));
    CHECK_EQUAL(end, 256 * MIB);
}

TEST(entries_may_be_longer_than_we_know)
{
    struct information longer = good;
    paddr_t end = 0;

    longer.entry_bytes = 48;  // the second entry is now the tail of the first
    CHECK(read_exactly(&longer, sizeof longer, &end));
    CHECK_EQUAL(end, 2 * MIB);
}

TEST(information_without_a_map_is_refused)
{
    struct information other = good;
    paddr_t end;

    other.map_type = 5;
    CHECK(!read_exactly(&other, sizeof other, &end));
    other = good;
    other.name_type = 0;
    CHECK(!read_exactly(&other, sizeof other, &end));
}

TEST(lengths_that_cannot_be_are_refused)
{
    struct information wrong = good;
    paddr_t end;

    wrong.entry_bytes = 23;
    CHECK(!read_exactly(&wrong, sizeof wrong, &end));
    wrong.entry_bytes = 0;
    CHECK(!read_exactly(&wrong, sizeof wrong, &end));
    wrong = good;
    wrong.name_bytes = 7;
    CHECK(!read_exactly(&wrong, sizeof wrong, &end));
    wrong.name_bytes = 0xfffffff9;
    CHECK(!read_exactly(&wrong, sizeof wrong, &end));
    wrong = good;
    wrong.map_bytes = 15;
    CHECK(!read_exactly(&wrong, sizeof wrong, &end));
    wrong = good;
    wrong.total++;
    CHECK(!read_exactly(&wrong, sizeof wrong, &end));
}

TEST(information_cut_anywhere_is_never_read_past_its_end)
{
    paddr_t end;

    for (uint64_t cut = 0; cut < sizeof good; cut++) {
        struct information shorter = good;

        CHECK(!read_exactly(&shorter, cut, &end));
        shorter.total = (uint32_t)cut;
        (void)read_exactly(&shorter, cut, &end);
    }
}

TEST(a_million_mutated_tables_are_never_read_past_their_end)
{
    static const uint8_t interesting[] = {0, 1, 2, 6, 7, 8, 0x7f, 0x80, 0xff};
    uint32_t state = 1;
    paddr_t end = 0;

    for (unsigned round = 0; round < 1000000; round++) {
        struct information mutated = good;

        for (unsigned i = 0; i < 1 + round % 4; i++) {
            state = state * 1664525 + 1013904223;
            ((uint8_t *)&mutated)[(state >> 8) % sizeof mutated] =
                interesting[(state >> 24) % sizeof interesting];
        }
        if (read_exactly(&mutated, sizeof mutated, &end))
            CHECK(end >= 2 * MIB);
    }
}
