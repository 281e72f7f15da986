// Host test of mfs on disks whose numbers lie: whatever is on it, mfs neither leaves its memory nor the disk, and comes to an end.
// SPDX-License-Identifier: BSD-2-Clause

#include "model_tree.h"

#define BLOCKS 700
#define INODES "64"
#define ROUNDS 1500

static uint8_t sound_disk[BLOCKS * BLOCK_BYTES], before[BLOCKS * BLOCK_BYTES];

// A disk with some of everything: directories of several blocks, zones of three levels, holes, links.
static void make_sound_disk(void)
{
    uint32_t directory, file;

    make_disk(BLOCKS, INODES);
    start_mfs();
    CHECK_EQUAL(client_fs_make_directory(ROOT_INODE, "d", &directory), STATUS_OK);
    CHECK_EQUAL(client_fs_create(directory, "f", &file), STATUS_OK);
    CHECK_EQUAL(client_fs_write(file, 0, chunk, 20000), STATUS_OK);
    CHECK_EQUAL(client_fs_write(file, 290000, chunk, 3000), STATUS_OK);
    CHECK_EQUAL(client_fs_write(file, 70000000, chunk, 3000), STATUS_OK);
    for (char name[2] = "a"; name[0] < 'y'; name[0]++)
        CHECK_EQUAL(client_fs_create(ROOT_INODE, name, &file) == STATUS_OK, name[0] != 'd');
    CHECK_EQUAL(client_fs_make_directory(directory, "e", &directory), STATUS_OK);
    CHECK_EQUAL(client_fs_link(file, directory, "again"), STATUS_OK);
    CHECK(fsck_is_clean());
    memcpy(sound_disk, disk, sizeof sound_disk);
}

// A word in use, most of them not contents of files; the superblock has few.
static uint8_t *choose_word(void)
{
    if (choose(12) == 0)
        return disk + SUPERBLOCK_BLOCK * BLOCK_BYTES + 4 * choose(sizeof(struct disk_superblock) / 4);
    return disk + (size_t)(FIRST_MAP_BLOCK + choose(choose(4) == 0 ? 60 : 12)) * BLOCK_BYTES +
           4 * choose(choose(3) == 0 ? BLOCK_BYTES / 4 : 40);
}

static void spoil(void)
{
    static const uint32_t values[] = {0, 1, 2, 5, 10, 11, 12, 64, 65, 699, 700, 0x7fffffff, 0xffffffff};
    unsigned count = 1 + choose(6);

    for (unsigned i = 0; i < count; i++) {
        uint8_t *at = choose_word();

        switch (choose(3)) {
        case 0: memcpy(at, &values[choose(sizeof values / sizeof values[0])], 4); break;
        case 1: at[choose(4)] ^= (uint8_t)(1 << choose(8)); break;
        default: at[choose(4)] = (uint8_t)choose(256); break;
        }
    }
}

// Whatever a client may ask.
static void call_anything(void)
{
    struct file_system_node node;
    uint32_t inode = choose(8) == 0 ? UINT32_MAX - choose(3) : choose(40), other = choose(40), next;
    uint64_t offset = choose(4) == 0 ? UINT64_MAX - choose(70000) : choose(4) == 0 ? 70000000 : choose(300000);
    char name[NAME_BYTES + 1] = {(char)('a' + choose(26))};
    size_t got;
    enum status status = STATUS_OK;

    switch (choose(12)) {
    case 0: status = client_fs_stat(inode, &node); break;
    case 1: status = client_fs_lookup(inode, name, &node); break;
    case 2: status = client_fs_entry(inode, choose(3) == 0 ? UINT32_MAX : choose(40), &next, &other, name); break;
    case 3: status = client_fs_read(inode, offset, choose(70000), chunk, sizeof chunk, &got); break;
    case 4: status = client_fs_write(inode, offset, chunk, choose(CHUNK_BYTES)); break;
    case 5: status = client_fs_truncate(inode, offset); break;
    case 6: status = client_fs_create(inode, name, &other); break;
    case 7: status = client_fs_make_directory(inode, name, &other); break;
    case 8: status = client_fs_link(inode, other, name); break;
    case 9: status = client_fs_unlink(inode, name); break;
    case 10: status = client_fs_remove_directory(inode, name); break;
    default: status = client_fs_rename(inode, name, other, choose(2) ? "z" : "b"); break;
    }
    // The interface's errors and no others: BAD_MESSAGE would be one of ours that it does not declare.
    CHECK(status == STATUS_OK || status >= RESULT_FIRST);
}

TEST(a_disk_that_lies_is_read_only_or_usable_and_never_a_danger)
{
    unsigned sound = 0, damaged = 0, refused = 0;

    make_sound_disk();
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct file_system_properties properties;

        random_state = round * 2 + 1;
        memcpy(disk, sound_disk, sizeof sound_disk);
        spoil();
        memcpy(before, disk, sizeof before);
        start_mfs();
        bool usable = client_fs_info(&properties) == STATUS_OK;

        if (!usable || properties.read_only)
            CHECK(memcmp(before, disk, sizeof before) == 0);
        sound += usable && !properties.read_only;
        damaged += usable && properties.read_only;
        refused += !usable;
        for (unsigned i = 0; i < 40; i++)
            call_anything();
        if (!usable || properties.read_only)
            CHECK(memcmp(before, disk, sizeof before) == 0);
    }
    // Each kind of end is met, or the test would say little.
    CHECK(sound > ROUNDS / 20 && damaged > ROUNDS / 20 && refused > ROUNDS / 20);
}

// On a disk that recovery accepts, everything goes on being sound.
TEST(a_disk_that_is_accepted_is_one_that_a_checker_accepts)
{
    make_sound_disk();
    for (unsigned round = 0; round < 400; round++) {
        struct file_system_properties properties;

        random_state = round * 2 + 1;
        memcpy(disk, sound_disk, sizeof sound_disk);
        spoil();
        start_mfs();
        if (client_fs_info(&properties) != STATUS_OK || properties.read_only)
            continue;
        CHECK(fsck_is_clean());
        for (unsigned i = 0; i < 40; i++)
            call_anything();
        CHECK(fsck_is_clean());
    }
}

TEST(noise_in_every_block_is_refused_or_read_only)
{
    make_sound_disk();
    for (unsigned round = 0; round < 100; round++) {
        random_state = round * 2 + 1;
        memcpy(disk, sound_disk, sizeof sound_disk);
        for (uint32_t i = 2 * BLOCK_BYTES; i < disk_bytes; i++)
            disk[i] = (uint8_t)choose(256);
        memcpy(before, disk, sizeof before);
        start_mfs();
        for (unsigned i = 0; i < 100; i++)
            call_anything();
        CHECK(memcmp(before, disk, sizeof before) == 0);
    }
}

// --- One lie at a time --------------------------------------------------------------------------------------------

// What is read where the lie is, after a start: the disk is read-only, nothing is written, and everything else can be read.
static void check_damage(uint32_t file, uint64_t offset)
{
    struct file_system_properties properties;
    size_t got;

    memcpy(before, disk, sizeof before);
    start_mfs();
    CHECK_EQUAL(client_fs_info(&properties), STATUS_OK);
    CHECK(properties.read_only);
    CHECK_EQUAL(client_fs_read(file, offset, 100, chunk, sizeof chunk, &got), FILE_SYSTEM_ERROR_DAMAGED);
    CHECK_EQUAL(client_fs_write(file, offset, chunk, 100), FILE_SYSTEM_ERROR_READ_ONLY);
    CHECK_EQUAL(client_fs_read(file, 0, 100, chunk, sizeof chunk, &got), STATUS_OK);
    CHECK(memcmp(before, disk, sizeof before) == 0);
}

static struct inode *inode_on_disk(uint32_t number)
{
    return (struct inode *)(disk + 4 * BLOCK_BYTES) + number - 1;
}

static uint32_t find_file(void)
{
    struct file_system_node directory, file;

    CHECK_EQUAL(client_fs_lookup(ROOT_INODE, "d", &directory), STATUS_OK);
    CHECK_EQUAL(client_fs_lookup(directory.inode, "f", &file), STATUS_OK);
    return file.inode;
}

TEST(a_pointer_that_leads_outside_the_data_is_damage_at_each_level)
{
    static const uint32_t wrong[] = {1, 2, 5, BLOCKS, BLOCKS + 1, 0x7fffffff, 0xffffffff};
    static const uint64_t offsets[] = {10000, 290000, 70000000};

    make_sound_disk();
    uint32_t file = find_file();

    for (unsigned level = 0; level < 3; level++) {
        for (unsigned depth = 0; depth <= level + 1; depth++) {
            for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
                memcpy(disk, sound_disk, sizeof sound_disk);
                uint32_t *pointer = &inode_on_disk(file)->zones[7 + level];

                for (unsigned at = 0; at < depth; at++) {
                    uint32_t block = (uint32_t)(offsets[level] / BLOCK_BYTES) - 7 - (level > 0 ? 256 : 0) - (level > 1 ? 65536 : 0);

                    CHECK(*pointer >= 8 && *pointer < BLOCKS);
                    pointer = (uint32_t *)(disk + *pointer * BLOCK_BYTES) + (block >> 8 * (level - at) & 255);
                }
                CHECK(*pointer != 0);
                *pointer = wrong[i];
                check_damage(file, offsets[level]);
            }
        }
    }
}

TEST(zones_that_lead_to_themselves_come_to_an_end)
{
    make_sound_disk();
    uint32_t file = find_file();

    for (unsigned level = 0; level < 3; level++) {
        struct file_system_properties properties;
        size_t got;

        memcpy(disk, sound_disk, sizeof sound_disk);
        uint32_t zone = inode_on_disk(file)->zones[7 + level];

        for (unsigned i = 0; i < BLOCK_BYTES / 4; i++)
            ((uint32_t *)(disk + zone * BLOCK_BYTES))[i] = zone;
        memcpy(before, disk, sizeof before);
        start_mfs();
        CHECK(client_fs_info(&properties) == STATUS_OK && properties.read_only);
        for (uint64_t at = 0; at < 400000; at += 50000)
            CHECK_EQUAL(client_fs_read(file, at, 50000, chunk, sizeof chunk, &got), STATUS_OK);
        CHECK_EQUAL(client_fs_truncate(file, 0), FILE_SYSTEM_ERROR_READ_ONLY);
        CHECK(memcmp(before, disk, sizeof before) == 0);
    }
}

TEST(a_name_that_leads_to_no_inode_is_damage)
{
    static const uint32_t wrong[] = {40, 64, 65, 0x7fffffff, 0xffffffff}; // a free one first

    make_sound_disk();
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct file_system_properties properties;
        struct file_system_node node;

        memcpy(disk, sound_disk, sizeof sound_disk);
        struct directory_entry *entry = (struct directory_entry *)(disk + inode_on_disk(ROOT_INODE)->zones[0] * BLOCK_BYTES) + 3;

        CHECK_EQUAL(entry->name[0], 'a');
        entry->inode = wrong[i];
        start_mfs();
        CHECK(client_fs_info(&properties) == STATUS_OK && properties.read_only);
        enum status status = client_fs_lookup(ROOT_INODE, "a", &node);

        CHECK(status == (enum status)FILE_SYSTEM_ERROR_DAMAGED || status == (enum status)FILE_SYSTEM_ERROR_ABSENT);
        CHECK_EQUAL(client_fs_lookup(ROOT_INODE, "b", &node), STATUS_OK);
    }
}
