// A walk over the structure block of a flattened device tree (Devicetree Specification 0.4, chapter 5).
// Looked at: /memory@*, /chosen, /reserved-memory/*, and the block of reservations. Every offset is checked
// before it is used. SPDX-License-Identifier: BSD-2-Clause
#include <kernel/fdt.h>

#define FDT_MAGIC      0xd00dfeed
#define FDT_BEGIN_NODE 1
#define FDT_END_NODE   2
#define FDT_PROP       3
#define FDT_NOP        4

struct cursor {
    const uint8_t *structure, *strings;
    uint32_t structure_bytes, strings_bytes;
    uint32_t at;
    unsigned depth;
    bool in_memory, in_chosen, in_reserved;
    paddr_t reserved;  // the first byte at or behind `inside` that is somebody else's
};

static uint32_t big32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint64_t big64(const uint8_t *p)
{
    return (uint64_t)big32(p) << 32 | big32(p + 4);
}

// The text, of at most `bytes` bytes, is `word` up to its terminating zero or `end`.
static bool is_named(const uint8_t *text, uint32_t bytes, const char *word, char end)
{
    uint32_t i = 0;

    while (word[i] && i < bytes && text[i] == (uint8_t)word[i])
        i++;
    return word[i] == 0 && i < bytes && (text[i] == 0 || text[i] == (uint8_t)end);
}

static bool next_word(struct cursor *c, uint32_t *word)
{
    if (c->structure_bytes - c->at < 4)
        return false;
    *word = big32(c->structure + c->at);
    c->at += 4;
    return true;
}

// Moves on by `bytes`, rounded up to a word.
static bool skip(struct cursor *c, uint32_t bytes)
{
    uint32_t left = c->structure_bytes - c->at;

    if (bytes > left || ((bytes + 3) & ~3u) > left)
        return false;
    c->at += (bytes + 3) & ~3u;
    return true;
}

static bool begin_node(struct cursor *c)
{
    const uint8_t *name = c->structure + c->at;
    uint32_t left = c->structure_bytes - c->at, length = 0;

    while (length < left && name[length])
        length++;
    if (length == left)
        return false;
    c->depth++;
    if (c->depth == 2) {
        c->in_memory = is_named(name, left, "memory", '@');
        c->in_chosen = is_named(name, left, "chosen", 0);
        c->in_reserved = is_named(name, left, "reserved-memory", 0);
    }
    return skip(c, length + 1);
}

// Boards of ours have two address and two size cells at the root.
static void take_memory(const uint8_t *value, uint32_t bytes, paddr_t inside, struct boot_facts *facts)
{
    for (uint32_t i = 0; i + 16 <= bytes; i += 16) {
        uint64_t base = big64(value + i), size = big64(value + i + 8);

        if (inside >= base && inside - base < size) {
            facts->memory_base = base;
            facts->memory_bytes = size;
        }
    }
}

static void take_reserved(uint64_t base, uint64_t size, paddr_t inside, struct cursor *c)
{
    bool is_behind = base >= inside || inside - base < size;

    if (size > 0 && is_behind && base < c->reserved)
        c->reserved = base;
}

static void take_reserved_node(const uint8_t *value, uint32_t bytes, paddr_t inside, struct cursor *c)
{
    for (uint32_t i = 0; i + 16 <= bytes; i += 16)
        take_reserved(big64(value + i), big64(value + i + 8), inside, c);
}

static void take_seed(const uint8_t *value, uint32_t bytes, struct boot_facts *facts)
{
    facts->seed_bytes = bytes < sizeof facts->seed ? bytes : sizeof facts->seed;
    for (uint32_t i = 0; i < facts->seed_bytes; i++)
        facts->seed[i] = value[i];
}

static bool property(struct cursor *c, paddr_t inside, struct boot_facts *facts)
{
    uint32_t bytes, name;

    if (!next_word(c, &bytes) || !next_word(c, &name))
        return false;
    const uint8_t *value = c->structure + c->at;

    if (!skip(c, bytes) || name >= c->strings_bytes)
        return false;
    const uint8_t *text = c->strings + name;
    uint32_t left = c->strings_bytes - name;

    if (c->depth == 2 && c->in_memory && is_named(text, left, "reg", 0))
        take_memory(value, bytes, inside, facts);
    if (c->depth == 3 && c->in_reserved && is_named(text, left, "reg", 0))
        take_reserved_node(value, bytes, inside, c);
    if (c->depth == 2 && c->in_chosen && is_named(text, left, "rng-seed", 0))
        take_seed(value, bytes, facts);
    return true;
}

static bool open(const uint8_t *tree, uint64_t limit, struct cursor *c)
{
    if (limit < 40 || big32(tree) != FDT_MAGIC)
        return false;
    uint32_t total = big32(tree + 4), structure = big32(tree + 8), strings = big32(tree + 12);

    c->strings_bytes = big32(tree + 32);
    c->structure_bytes = big32(tree + 36);
    if (total > limit || structure > total || c->structure_bytes > total - structure)
        return false;
    if (strings > total || c->strings_bytes > total - strings || structure % 4)
        return false;
    c->structure = tree + structure;
    c->strings = tree + strings;
    return true;
}

// Pairs of base and size, up to one of zeroes (5.3).
static bool read_reservations(const uint8_t *tree, paddr_t inside, struct cursor *c)
{
    uint32_t total = big32(tree + 4);

    for (uint32_t at = big32(tree + 16); at <= total && total - at >= 16; at += 16) {
        uint64_t base = big64(tree + at), size = big64(tree + at + 8);

        if (base == 0 && size == 0)
            return true;
        take_reserved(base, size, inside, c);
    }
    return false;
}

// The range ends where the first reserved byte behind `inside` is.
static void cut(const struct cursor *c, paddr_t inside, struct boot_facts *facts)
{
    if (c->reserved <= inside)
        facts->memory_bytes = 0;
    else if (c->reserved - facts->memory_base < facts->memory_bytes)
        facts->memory_bytes = c->reserved - facts->memory_base;
}

bool fdt_read(const void *tree, uint64_t limit, paddr_t inside, struct boot_facts *facts)
{
    struct cursor c = {.reserved = UINT64_MAX};
    uint32_t token;

    *facts = (struct boot_facts){0};
    if (!open(tree, limit, &c) || !read_reservations(tree, inside, &c))
        return false;
    // Every turn moves on by at least one word.
    while (next_word(&c, &token)) {
        bool good = true;

        if (token == FDT_BEGIN_NODE)
            good = begin_node(&c);
        else if (token == FDT_PROP)
            good = property(&c, inside, facts);
        else if (token == FDT_END_NODE && c.depth > 0)
            c.depth--;
        else if (token != FDT_NOP)
            break;
        if (!good)
            return false;
        if (token == FDT_END_NODE && c.depth < 2)
            c.in_memory = c.in_chosen = c.in_reserved = false;
    }
    cut(&c, inside, facts);
    return true;
}
