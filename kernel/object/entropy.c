// Entropy: the ChaCha20 block function (RFC 8439, 2.3) as a generator with fast key erasure: half of each block
// becomes the next key, the other half is handed out.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/entropy.h>

#include <arch/cpu.h>
#include <kernel/object.h>

struct kobject entropy_object = {.generation = 1, .type = CAP_ENTROPY};

static bool seeded; // set at boot, for all cores

static uint32_t rotate(uint32_t value, unsigned bits)
{
    return value << bits | value >> (32 - bits);
}

static void quarter_round(uint32_t s[16], unsigned a, unsigned b, unsigned c, unsigned d)
{
    s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 16);
    s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 12);
    s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 8);
    s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 7);
}

// out = in + twenty rounds of in.
static void rounds(uint32_t out[16], const uint32_t in[16])
{
    for (unsigned i = 0; i < 16; i++)
        out[i] = in[i];
    for (unsigned round = 0; round < 10; round++) {
        for (unsigned i = 0; i < 4; i++)
            quarter_round(out, i, 4 + i, 8 + i, 12 + i);
        for (unsigned i = 0; i < 4; i++)
            quarter_round(out, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
    }
    for (unsigned i = 0; i < 16; i++)
        out[i] += in[i];
}

static void block(struct entropy *entropy, uint32_t out[16])
{
    uint32_t in[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

    for (unsigned i = 0; i < 8; i++)
        in[4 + i] = entropy->key[i];
    in[12] = (uint32_t)entropy->counter;
    in[13] = (uint32_t)(entropy->counter >> 32);
    entropy->counter++;
    rounds(out, in);
}

void entropy_seed(const void *bytes, uint32_t count)
{
    struct entropy *entropy = &arch_core()->entropy;
    const uint8_t *from = bytes;
    uint32_t out[16];

    for (uint32_t i = 0; i < count; i++) {
        ((uint8_t *)entropy->key)[i % sizeof entropy->key] ^= from[i];
        if (i % sizeof entropy->key == sizeof entropy->key - 1 || i == count - 1) {
            block(entropy, out);
            __builtin_memcpy(entropy->key, out, sizeof entropy->key);
        }
    }
    seeded = seeded || count >= 16;
}

bool entropy_draw(uint64_t words[4])
{
    struct entropy *entropy = &arch_core()->entropy;
    uint64_t fresh[4];
    uint32_t out[16];

    if (arch_entropy(fresh)) // cheap where there is an instruction for it
        entropy_seed(fresh, sizeof fresh);
    if (!seeded)
        return false;
    block(entropy, out);
    __builtin_memcpy(entropy->key, out, sizeof entropy->key);
    __builtin_memcpy(words, out + 8, 32);
    __builtin_memset(out, 0, sizeof out);
    __asm__ volatile("" : : "r"(out) : "memory"); // the clearing stays
    return true;
}

void entropy_fork(struct entropy *other)
{
    uint64_t words[4];

    if (entropy_draw(words))
        __builtin_memcpy(other->key, words, sizeof other->key);
}
