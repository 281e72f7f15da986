// Host test of kernel/arch/x86_64/memory_map.c: maps as firmware gives them, then mutated ones. The buffers are as long as
// the map, so the address sanitizer sees a read past its end.
// SPDX-License-Identifier: BSD-2-Clause
#include "../../kernel/arch/x86_64/memory_map.h"

#include "check.h"

#include <string.h>

#define RAM      1
#define RESERVED 2
#define ACPI     3
#define NVS      4
#define MIB      0x100000ull
#define SIZE     20

// What UEFI leaves of 256 MiB: low memory in pieces, one large range.
static const struct memory_map_entry uefi[] = {{SIZE, 0, 0xa0000, RAM},          {SIZE, MIB, 7 * MIB, RAM},
                                               {SIZE, 8 * MIB, 0x8000, NVS},     {SIZE, 0x808000, 0x3000, RAM},
                                               {SIZE, 0x80b000, 0x1000, NVS},    {SIZE, 0x80c000, 0x4000, RAM},
                                               {SIZE, 0x810000, 0xf0000, NVS},   {SIZE, 9 * MIB, 200 * MIB, RAM},
                                               {SIZE, 209 * MIB, 0x20000, ACPI}, {SIZE, 210 * MIB, MIB, RESERVED}};

#define COUNT(entries) (sizeof(entries) / sizeof(entries)[0])

static paddr_t end_of(const struct memory_map_entry *entries, uint32_t count, paddr_t inside)
{
    struct memory_map_entry *copy = malloc(count * sizeof *copy);

    memcpy(copy, entries, count * sizeof *copy);
    paddr_t end = memory_map_end(copy, count, inside);

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
    static const struct memory_map_entry pieces[] = {{SIZE, 32 * MIB, 16 * MIB, RAM},
                                                     {SIZE, 24 * MIB, 8 * MIB, RAM},
                                                     {SIZE, 16 * MIB, 10 * MIB, RAM},
                                                     {SIZE, 49 * MIB, MIB, RAM}};

    CHECK_EQUAL(end_of(pieces, COUNT(pieces), 20 * MIB), 48 * MIB);
}

TEST(somebody_elses_wins_over_memory)
{
    static const struct memory_map_entry overlap[] = {
        {SIZE, 18 * MIB, 1, 7}, {SIZE, 16 * MIB, 64 * MIB, RAM}, {SIZE, 32 * MIB, MIB, RESERVED}};

    CHECK_EQUAL(end_of(overlap, COUNT(overlap), 20 * MIB), 32 * MIB);
    CHECK_EQUAL(end_of(overlap, COUNT(overlap), 17 * MIB), 18 * MIB);
    CHECK_EQUAL(end_of(overlap, COUNT(overlap), 32 * MIB + 5), 32 * MIB + 5);
    CHECK_EQUAL(end_of(overlap, COUNT(overlap), 33 * MIB), 80 * MIB);
}

TEST(a_range_past_the_end_of_addresses_ends_there)
{
    static const struct memory_map_entry endless[] = {{SIZE, MIB, UINT64_MAX, RAM}};

    CHECK_EQUAL(end_of(endless, 1, 2 * MIB), UINT64_MAX);
}

TEST(where_an_entry_has_another_size_there_is_no_memory)
{
    struct memory_map_entry map[COUNT(uefi)];

    for (unsigned i = 0; i < COUNT(uefi); i++) {
        memcpy(map, uefi, sizeof uefi);
        map[i].size = i % 2 ? SIZE + 4 : 0;
        CHECK_EQUAL(end_of(map, COUNT(uefi), 16 * MIB), 16 * MIB);
    }
}

TEST(a_map_longer_than_any_is_read_up_to_the_limit)
{
    static struct memory_map_entry many[1000];

    for (unsigned i = 0; i < COUNT(many); i++)
        many[i] = (struct memory_map_entry){SIZE, i * MIB, MIB, RAM};
    CHECK_EQUAL(end_of(many, COUNT(many), 16 * MIB), 256 * MIB);
}

TEST(a_million_mutated_maps_are_never_read_past_their_end)
{
    static const uint8_t interesting[] = {0, 1, 2, 7, 8, SIZE, 0x7f, 0x80, 0xff};
    uint32_t state = 1;

    for (unsigned round = 0; round < 1000000; round++) {
        struct memory_map_entry mutated[COUNT(uefi)];
        unsigned count = round % COUNT(uefi) + 1;

        memcpy(mutated, uefi, sizeof uefi);
        for (unsigned i = 0; i < 1 + round % 4; i++) {
            state = state * 1664525 + 1013904223;
            ((uint8_t *)mutated)[(state >> 8) % (count * sizeof *mutated)] = interesting[(state >> 24) % COUNT(interesting)];
        }
        CHECK(end_of(mutated, count, 16 * MIB) >= 16 * MIB);
    }
}
