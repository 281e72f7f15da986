// Host test of kernel/object/entropy.c: the block function by the vector of RFC 8439, 2.3.2, and the
// generator around it. The file is included, since the block function is its own. SPDX-License-Identifier:
// BSD-2-Clause
#include "../../kernel/object/entropy.c"

#include "../../kernel/arch/host/host.h"
#include "check.h"

#include <string.h>

// What the other files of the kernel provide.
struct host host;
struct core cores[2];
struct core *host_core = &cores[0];

static uint32_t *const key = cores[0].entropy.key;

static void forget_key(void)
{
    cores[0].entropy = (struct entropy){0};
}

bool arch_entropy(uint64_t words[4])
{
    for (unsigned i = 0; i < 4; i++)
        words[i] = host.entropy++;
    return host.has_entropy;
}

TEST(a_quarter_round_gives_the_values_of_the_standard)
{
    // RFC 8439, 2.1.1
    uint32_t s[16] = {0x11111111, 0x01020304, 0x9b8d6f43, 0x01234567};

    quarter_round(s, 0, 1, 2, 3);
    CHECK_EQUAL(s[0], 0xea2a92f4);
    CHECK_EQUAL(s[1], 0xcb1cf8ce);
    CHECK_EQUAL(s[2], 0x4581472e);
    CHECK_EQUAL(s[3], 0x5881c4bb);
}

TEST(a_block_gives_the_values_of_the_standard)
{
    // RFC 8439, 2.3.2: key 00 to 1f, block counter 1, nonce 000000090000004a00000000. Our 64-bit counter
    // stands where the counter and the first word of the nonce are; the other two words of the nonce are ours
    // to be zero, so the rounds are run on the standard's state.
    const uint32_t state[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 0x03020100, 0x07060504,
                                0x0b0a0908, 0x0f0e0d0c, 0x13121110, 0x17161514, 0x1b1a1918, 0x1f1e1d1c,
                                0x00000001, 0x09000000, 0x4a000000, 0x00000000};
    const uint32_t expected[16] = {0xe4e7f110, 0x15593bd1, 0x1fdd0f50, 0xc47120a3, 0xc7f4d1c7, 0x0368c033,
                                   0x9aaa2204, 0x4e6cd4c3, 0x466482d2, 0x09aa9f07, 0x05d7c214, 0xa2028bd9,
                                   0xd19c12b5, 0xb94e16de, 0xe883d0cb, 0x4e3c50a2};
    uint32_t out[16];

    rounds(out, state);
    CHECK(memcmp(out, expected, sizeof out) == 0);
}

TEST(nothing_is_seeded_before_16_bytes)
{
    uint64_t words[4];

    entropy_seed("fifteen bytes..", 15);
    CHECK(!entropy_draw(words));
    entropy_seed("sixteen bytes...", 16);
    CHECK(entropy_draw(words));
    entropy_seed("x", 1);
    CHECK(entropy_draw(words));
}

TEST(no_two_draws_are_alike_and_the_key_changes)
{
    uint64_t draws[100][4];
    uint32_t before[8];

    entropy_seed("sixteen bytes...", 16);
    for (unsigned i = 0; i < 100; i++) {
        memcpy(before, key, sizeof before);
        CHECK(entropy_draw(draws[i]));
        CHECK(memcmp(before, key, sizeof before) != 0);
        CHECK(memcmp(draws[i], key, sizeof draws[i]) != 0);
        for (unsigned j = 0; j < i; j++)
            CHECK(memcmp(draws[i], draws[j], sizeof draws[i]) != 0);
    }
}

TEST(each_byte_of_a_seed_counts)
{
    uint8_t seed[64] = {0};
    uint64_t plain[4], changed[4];

    entropy_seed(seed, sizeof seed);
    CHECK(entropy_draw(plain));
    for (unsigned i = 0; i < sizeof seed; i++) {
        forget_key();
        seed[i] = 1;
        entropy_seed(seed, sizeof seed);
        CHECK(entropy_draw(changed));
        CHECK(memcmp(plain, changed, sizeof plain) != 0);
        seed[i] = 0;
    }
}

TEST(a_generator_in_hardware_is_mixed_in)
{
    uint64_t first[4], second[4];

    entropy_seed("sixteen bytes...", 16);
    forget_key();
    CHECK(entropy_draw(first));
    forget_key();
    seeded = false;
    host.has_entropy = true;
    CHECK(entropy_draw(second));
    CHECK(memcmp(first, second, sizeof first) != 0);
}

TEST(another_core_draws_other_numbers)
{
    uint64_t first[4], second[4];

    entropy_seed("sixteen bytes...", 16);
    entropy_fork(&cores[1].entropy);
    CHECK(entropy_draw(first));
    host_core = &cores[1];
    CHECK(entropy_draw(second));
    host_core = &cores[0];
    CHECK(memcmp(first, second, sizeof first) != 0);
    CHECK(memcmp(cores[0].entropy.key, cores[1].entropy.key, sizeof cores[0].entropy.key) != 0);
}
