// Host test of kernel/boot/fdt.c: trees from dtc and from the fake firmware, then cut and mutated ones. The
// buffers are as long as the tree, so the address sanitizer sees a read past its end.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/fdt.h>

#include "../../kernel/arch/host/host.h"
#include "check.h"

#include <string.h>

#define TREE_MAX 0x10000

static uint8_t tree[TREE_MAX];

static uint32_t build(uint32_t seed_bytes)
{
    uint8_t seed[200];

    for (unsigned i = 0; i < sizeof seed; i++)
        seed[i] = (uint8_t)(i + 1);
    return host_tree_build(tree, sizeof tree, 0x40000000, 0x10000000, seed, seed_bytes);
}

static uint32_t compiled(void)
{
    FILE *file = fopen(TEST_TREE, "rb");
    size_t bytes = file ? fread(tree, 1, sizeof tree, file) : 0;

    CHECK(bytes > 0 && bytes < sizeof tree);
    fclose(file);
    return (uint32_t)bytes;
}

// Reads a copy that is exactly `bytes` long.
static bool read_exactly(const uint8_t *from, uint32_t bytes, paddr_t inside, struct boot_facts *facts)
{
    uint8_t *copy = malloc(bytes ? bytes : 1);

    memcpy(copy, from, bytes);
    bool good = fdt_read(copy, bytes, inside, facts);

    free(copy);
    return good;
}

TEST(memory_and_seed_are_found)
{
    struct boot_facts facts;

    CHECK(read_exactly(tree, build(32), 0x40200000, &facts));
    CHECK_EQUAL(facts.memory_base, 0x40000000);
    CHECK_EQUAL(facts.memory_bytes, 0x10000000);
    CHECK_EQUAL(facts.seed_bytes, 32);
    CHECK_EQUAL(facts.seed[31], 32);
}

TEST(a_tree_of_the_compiler_is_read)
{
    struct boot_facts facts;

    CHECK(read_exactly(tree, compiled(), 0x50000000, &facts));
    CHECK_EQUAL(facts.memory_base, 0x50000000);
    CHECK_EQUAL(facts.memory_bytes, 0x2000000);
    CHECK_EQUAL(facts.seed_bytes, 8);
    CHECK_EQUAL(facts.seed[0], 0xab);
}

TEST(the_range_that_holds_the_kernel_is_the_one_that_counts)
{
    struct boot_facts facts;
    uint32_t bytes = compiled();

    CHECK(read_exactly(tree, bytes, 0x41000000, &facts));
    CHECK_EQUAL(facts.memory_base, 0x40000000);
    CHECK(read_exactly(tree, bytes, 0x60000000, &facts));
    CHECK_EQUAL(facts.memory_bytes, 0);
}

TEST(properties_and_nodes_with_a_similar_name_do_not_count)
{
    struct boot_facts facts;

    // The tree has /memory-controller with a `reg`, and `reg-names` and `rng-seed-note` where ours are.
    CHECK(read_exactly(tree, compiled(), 0x70000000, &facts));
    CHECK_EQUAL(facts.memory_bytes, 0);
    CHECK_EQUAL(facts.seed_bytes, 8);
}

// What is left of the range from its beginning, and the tree's answer to `inside`.
static uint64_t usable(paddr_t inside)
{
    struct boot_facts facts;

    CHECK(read_exactly(tree, compiled(), inside, &facts));
    return facts.memory_bytes;
}

TEST(memory_ends_where_somebody_elses_begins)
{
    CHECK_EQUAL(usable(0x80200000), 0x1000000);  // what lies before it is no matter
    CHECK_EQUAL(usable(0x80080000), 0x1000000);
    CHECK_EQUAL(usable(0x81001000), 0x1800000);
    CHECK_EQUAL(usable(0x81801000), 0x2000000);
    CHECK_EQUAL(usable(0x90200000), 0x400000);  // from the block of reservations
    CHECK_EQUAL(usable(0x90401000), 0x2000000);
}

TEST(memory_that_is_somebody_elses_is_none)
{
    CHECK_EQUAL(usable(0x80000000), 0);
    CHECK_EQUAL(usable(0x8007ffff), 0);
    CHECK_EQUAL(usable(0x81000fff), 0);
    CHECK_EQUAL(usable(0x90400000), 0);
}

TEST(reservations_without_an_end_are_refused)
{
    struct boot_facts facts;
    uint32_t bytes = build(32);

    tree[16 + 3] = (uint8_t)(bytes - 15);
    tree[16 + 2] = (uint8_t)((bytes - 15) >> 8);
    CHECK(!read_exactly(tree, bytes, 0x40000000, &facts));
}

TEST(a_long_seed_is_cut)
{
    struct boot_facts facts;

    CHECK(read_exactly(tree, build(200), 0x40000000, &facts));
    CHECK_EQUAL(facts.seed_bytes, sizeof facts.seed);
}

TEST(what_is_no_tree_is_refused)
{
    struct boot_facts facts;
    uint32_t bytes = build(32);

    CHECK(!read_exactly(tree, 39, 0x40000000, &facts));
    tree[0] ^= 1;
    CHECK(!read_exactly(tree, bytes, 0x40000000, &facts));
}

TEST(a_tree_cut_at_any_byte_is_never_read_past_its_end)
{
    struct boot_facts facts;
    uint32_t bytes = build(32);

    for (uint32_t cut = 0; cut < bytes; cut++)
        CHECK(!read_exactly(tree, cut, 0x40000000, &facts));
    // The same with a header that agrees.
    for (uint32_t cut = 40; cut < bytes; cut++) {
        tree[4] = tree[5] = 0;
        tree[6] = (uint8_t)(cut >> 8);
        tree[7] = (uint8_t)cut;
        (void)read_exactly(tree, cut, 0x40000000, &facts);
    }
}

TEST(a_word_that_is_much_too_large_leads_nowhere)
{
    static const uint32_t large[] = {0xffffffff, 0xfffffffe, 0xfffffffd, 0xfffffffc,
                                     0xfffffff0, 0x80000000, 0x7fffffff};
    struct boot_facts facts;
    uint32_t bytes = build(32);

    for (uint32_t at = 0; at + 4 <= bytes; at += 4) {
        for (unsigned i = 0; i < sizeof large / sizeof large[0]; i++) {
            uint8_t kept[4];

            memcpy(kept, tree + at, 4);
            for (unsigned j = 0; j < 4; j++)
                tree[at + j] = (uint8_t)(large[i] >> (24 - 8 * j));
            (void)read_exactly(tree, bytes, 0x40000000, &facts);
            memcpy(tree + at, kept, 4);
        }
    }
}

TEST(a_million_mutated_trees_are_never_read_past_their_end)
{
    static uint8_t original[TREE_MAX];
    static const uint8_t interesting[] = {0, 1, 2, 3, 4, 9, 0x7f, 0x80, 0xff};
    uint32_t bytes = compiled(), state = 1;
    struct boot_facts facts;
    uint8_t *copy = malloc(bytes);

    memcpy(original, tree, bytes);
    for (unsigned round = 0; round < 1000000; round++) {
        memcpy(copy, original, bytes);
        for (unsigned i = 0; i < 1 + round % 4; i++) {
            state = state * 1664525 + 1013904223;
            // Half of them in the header.
            uint32_t at = (state >> 8) % (round % 2 ? 40 : bytes);

            copy[at] = round % 3 ? interesting[(state >> 24) % sizeof interesting] : (uint8_t)(state >> 16);
        }
        if (fdt_read(copy, bytes, 0x50000000, &facts))
            CHECK(facts.seed_bytes <= sizeof facts.seed);
    }
    free(copy);
}
