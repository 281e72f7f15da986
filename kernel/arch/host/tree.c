// The device tree that the fake firmware passes: /memory and /chosen, as a real one has them.
// SPDX-License-Identifier: BSD-2-Clause
#include "host.h"

#define FDT_BEGIN_NODE 1
#define FDT_END_NODE   2
#define FDT_PROP       3
#define FDT_END        9
#define HEADER_BYTES   40
#define RESERVED_BYTES 16  // no reservations: the two zeroes that end them

static const char strings[] = "reg\0rng-seed";

#define STRING_REG  0
#define STRING_SEED 4

struct writer {
    uint8_t *buffer;
    uint32_t bytes, at;
};

static void put_byte(struct writer *w, uint8_t byte)
{
    if (w->at < w->bytes)
        w->buffer[w->at] = byte;
    w->at++;
}

static void put_word(struct writer *w, uint32_t word)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        put_byte(w, (uint8_t)(word >> shift));
}

static void put_bytes(struct writer *w, const void *from, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        put_byte(w, ((const uint8_t *)from)[i]);
    while (w->at % 4)
        put_byte(w, 0);
}

static void begin(struct writer *w, const char *name)
{
    put_word(w, FDT_BEGIN_NODE);
    put_bytes(w, name, (uint32_t)__builtin_strlen(name) + 1);
}

static void property_head(struct writer *w, uint32_t name, uint32_t bytes)
{
    put_word(w, FDT_PROP);
    put_word(w, bytes);
    put_word(w, name);
}

static void memory_node(struct writer *w, uint64_t base, uint64_t bytes)
{
    begin(w, "memory@0");
    property_head(w, STRING_REG, 16);
    put_word(w, (uint32_t)(base >> 32));
    put_word(w, (uint32_t)base);
    put_word(w, (uint32_t)(bytes >> 32));
    put_word(w, (uint32_t)bytes);
    put_word(w, FDT_END_NODE);
}

static void chosen_node(struct writer *w, const uint8_t *seed, uint32_t bytes)
{
    begin(w, "chosen");
    property_head(w, STRING_SEED, bytes);
    put_bytes(w, seed, bytes);
    put_word(w, FDT_END_NODE);
}

static void header(struct writer *w, uint32_t strings_at, uint32_t total)
{
    w->at = 0;
    put_word(w, 0xd00dfeed);
    put_word(w, total);
    put_word(w, HEADER_BYTES + RESERVED_BYTES);  // structure block
    put_word(w, strings_at);
    put_word(w, HEADER_BYTES);  // memory reservations
    put_word(w, 17);            // version
    put_word(w, 16);            // last compatible version
    put_word(w, 0);             // boot core
    put_word(w, sizeof strings);
    put_word(w, strings_at - HEADER_BYTES - RESERVED_BYTES);
    put_bytes(w, (uint8_t[RESERVED_BYTES]){0}, RESERVED_BYTES);
}

uint32_t host_tree_build(uint8_t *buffer, uint32_t bytes, uint64_t memory_base, uint64_t memory_bytes,
                         const uint8_t *seed, uint32_t seed_bytes)
{
    struct writer w = {buffer, bytes, HEADER_BYTES + RESERVED_BYTES};

    begin(&w, "");
    memory_node(&w, memory_base, memory_bytes);
    chosen_node(&w, seed, seed_bytes);
    put_word(&w, FDT_END_NODE);
    put_word(&w, FDT_END);
    uint32_t strings_at = w.at;

    put_bytes(&w, strings, sizeof strings);
    uint32_t total = w.at;

    header(&w, strings_at, total);
    return total;
}
