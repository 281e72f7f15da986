// Host test of mfs beside a model: random operations, the same with a cut at each write, and with a loss of power.
// SPDX-License-Identifier: BSD-2-Clause

#include "model_tree.h"

#define BLOCKS 4096
#define INODES "64"

// One operation on both. Told is what mfs said; IO: the disk died.
static enum status apply(const struct operation *o)
{
    uint32_t inode = 0;
    enum status expected = model_check(o), found = mfs_apply(o, &inode);

    if (disk_is_dead && found == (enum status)FILE_SYSTEM_ERROR_IO)
        return found;
    CHECK_EQUAL(found, expected);
    if (found == STATUS_OK)
        model_apply(o, inode);
    return found;
}

static void apply_random(unsigned count)
{
    struct operation o;

    for (unsigned i = 0; i < count && !disk_is_dead; i++) {
        choose_operation(&o);
        (void)apply(&o);
    }
}

static void begin(uint64_t seed)
{
    random_state = seed * 2 + 1;
    make_disk(BLOCKS, INODES);
    model_reset();
    start_mfs();
}

TEST(random_operations_end_in_the_same_tree)
{
    for (uint64_t seed = 1; seed <= 8; seed++) {
        begin(seed);
        apply_random(600);
        CHECK(same_tree());
        CHECK(fsck_is_clean());
        start_mfs();
        CHECK(same_tree());
    }
}

// What an operation that was cut off has done: nothing, all, or for a file that moves its new name only.
static bool done_in_part(const struct operation *o)
{
    if (o->kind == WRITE || o->kind == TRUNCATE) {
        fill_chunk(o);
        in_doubt = o;
        bool same = same_tree();

        in_doubt = NULL;
        // Whatever it left, the same again makes it whole.
        return same && apply(o) == STATUS_OK && same_tree();
    }
    if (same_tree())
        return true;
    if (o->kind == RENAME && !nodes[model_find(o->directory, o->name)->node].is_directory) {
        struct operation link = *o;

        // Both names at once: as after unlink and link.
        link.kind = LINK;
        link.node = model_find(o->directory, o->name)->node;
        if (model_find(o->to_directory, o->to_name) != NULL)
            model_remove(o->to_directory, o->to_name);
        model_add(o->to_directory, o->to_name, link.node);
        if (same_tree())
            return true;
        model_remove(o->directory, o->name);
    } else {
        model_apply(o, 0);
    }
    return same_tree();
}

// Runs until the disk dies at this write. False: it did not.
static bool run_to_cut(uint64_t seed, unsigned before, unsigned cut, struct operation *last)
{
    begin(seed);
    apply_random(before);
    writes_left = (int)cut;
    for (unsigned i = 0; i < 12; i++) {
        choose_operation(last);
        if (apply(last) == (enum status)FILE_SYSTEM_ERROR_IO && disk_is_dead)
            return true;
    }
    return false;
}

TEST(an_operation_that_is_cut_off_at_any_write_happened_or_did_not)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct operation last;

        for (unsigned cut = 0; run_to_cut(seed, 40, cut, &last); cut++) {
            start_mfs();
            CHECK(fsck_is_clean());
            CHECK(done_in_part(&last));
            apply_random(5);
            CHECK(same_tree());
        }
    }
}

// Work in a directory of its own, none of it synced: the rest of the tree is not touched by what the cut undoes.
static void apply_random_below(unsigned directory, unsigned count)
{
    for (unsigned i = 0; i < count && !disk_is_dead; i++) {
        struct operation o;
        uint32_t inode;
        unsigned which = choose(6);

        o = (struct operation){.kind = which == 0   ? MAKE_DIRECTORY
                                       : which == 1 ? UNLINK
                                       : which == 2 ? RENAME
                                                    : CREATE,
                               .directory = directory, .to_directory = directory, .seed = (uint8_t)i,
                               .bytes = 1 + choose(9000)};
        o.name[0] = (char)('a' + choose(6));
        o.to_name[0] = (char)('a' + choose(6));
        enum status status = mfs_apply(&o, &inode);

        if (o.kind != CREATE || status != STATUS_OK)
            continue;
        fill_chunk(&o);
        (void)client_fs_write(inode, choose(3) == 0 ? 8000 : 0, chunk, o.bytes);
        if (choose(2) == 0)
            (void)client_fs_truncate(inode, choose(5000));
    }
}

TEST(what_was_synced_survives_a_loss_of_power_at_any_write)
{
    for (uint64_t seed = 1; seed <= 150; seed++) {
        struct operation other = {.kind = MAKE_DIRECTORY, .name = "other"};

        unknown = ROOT_NODE;
        begin(seed);
        apply_random(40);
        CHECK_EQUAL(apply(&other), STATUS_OK);
        CHECK_EQUAL(client_fs_sync(), STATUS_OK);
        writes_left = (int)choose(120);
        apply_random_below(model_find(ROOT_NODE, "other")->node, 40);
        lose_power();
        start_mfs();
        CHECK(fsck_is_clean());
        unknown = model_find(ROOT_NODE, "other")->node;
        CHECK(same_tree());
    }
}
