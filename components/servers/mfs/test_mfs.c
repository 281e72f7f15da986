// Host test of mfs: its interface, on disks made by mkfs.minix and checked by fsck.minix.
// SPDX-License-Identifier: BSD-2-Clause

#include "block_access.h"
#include "fake_disk.h"

#define BLOCKS 2048
#define INODES "64"

static uint8_t bytes[65536], got[65536];

static void begin(void)
{
    make_disk(BLOCKS, INODES);
    start_mfs();
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 13 + i / 256 + 1);
}

static uint32_t create(uint32_t directory, const char *name)
{
    uint32_t inode = 0;

    CHECK_EQUAL(client_fs_create(directory, name, &inode), STATUS_OK);
    return inode;
}

static uint32_t make_directory(uint32_t directory, const char *name)
{
    uint32_t inode = 0;

    CHECK_EQUAL(client_fs_make_directory(directory, name, &inode), STATUS_OK);
    return inode;
}

static uint32_t look_up(uint32_t directory, const char *name)
{
    struct file_system_node node;

    return client_fs_lookup(directory, name, &node) == STATUS_OK ? node.inode : 0;
}

static void check_zeroes(uint32_t inode, uint64_t offset, size_t count)
{
    size_t told;

    CHECK_EQUAL(client_fs_read(inode, offset, (uint32_t)count, got, sizeof got, &told), STATUS_OK);
    CHECK_EQUAL(told, count);
    for (size_t i = 0; i < count; i++)
        CHECK_EQUAL(got[i], 0);
}

TEST(a_disk_of_mkfs_is_an_empty_tree)
{
    struct file_system_properties properties;
    struct file_system_node node;
    uint32_t next, inode;
    char name[NAME_BYTES + 1];

    begin();
    CHECK_EQUAL(client_fs_info(&properties), STATUS_OK);
    CHECK(properties.blocks == BLOCKS && properties.root == ROOT_INODE && !properties.read_only);
    CHECK_EQUAL(client_fs_stat(ROOT_INODE, &node), STATUS_OK);
    CHECK(node.kind == FILE_SYSTEM_KIND_DIRECTORY && node.links == 2);
    CHECK_EQUAL(client_fs_entry(ROOT_INODE, 0, &next, &inode, name), FILE_SYSTEM_ERROR_ABSENT);
    CHECK_EQUAL(write_count, 0);
}

TEST(what_is_written_is_there_after_a_restart)
{
    size_t told;

    begin();
    uint32_t inode = create(make_directory(ROOT_INODE, "logs"), "today");

    CHECK_EQUAL(client_fs_write(inode, 100, bytes, sizeof bytes), STATUS_OK);
    start_mfs();
    CHECK_EQUAL(look_up(look_up(ROOT_INODE, "logs"), "today"), inode);
    CHECK_EQUAL(client_fs_read(inode, 100, sizeof got, got, sizeof got, &told), STATUS_OK);
    CHECK(told == sizeof bytes && memcmp(got, bytes, told) == 0);
    check_zeroes(inode, 0, 100);
    CHECK_EQUAL(client_fs_read(inode, 65600, 100, got, sizeof got, &told), STATUS_OK);
    CHECK(told == 36 && memcmp(got, bytes + 65500, 36) == 0);
    CHECK_EQUAL(client_fs_read(inode, 65636, 100, got, sizeof got, &told), STATUS_OK);
    CHECK_EQUAL(told, 0);
    CHECK(fsck_is_clean());
}

TEST(the_largest_file_has_zones_of_three_levels_and_ends_where_the_format_does)
{
    struct file_system_properties properties;
    struct file_system_node node;
    size_t told;

    begin();
    CHECK_EQUAL(client_fs_info(&properties), STATUS_OK);
    uint32_t inode = create(ROOT_INODE, "sparse");
    uint64_t end = properties.largest_file;

    CHECK(end > 70u << 20);
    for (uint64_t at = 3000; at < end - 100; at = at * 9) {
        CHECK_EQUAL(client_fs_write(inode, at, bytes, 100), STATUS_OK);
        CHECK_EQUAL(client_fs_read(inode, at, 100, got, sizeof got, &told), STATUS_OK);
        CHECK(told == 100 && memcmp(got, bytes, told) == 0);
    }
    CHECK_EQUAL(client_fs_write(inode, end - 100, bytes, 100), STATUS_OK);
    CHECK_EQUAL(client_fs_write(inode, end - 99, bytes, 100), FILE_SYSTEM_ERROR_TOO_LARGE);
    CHECK_EQUAL(client_fs_write(inode, UINT64_MAX - 50, bytes, 100), FILE_SYSTEM_ERROR_TOO_LARGE);
    CHECK_EQUAL(client_fs_truncate(inode, end + 1), FILE_SYSTEM_ERROR_TOO_LARGE);
    CHECK_EQUAL(client_fs_truncate(inode, UINT64_MAX), FILE_SYSTEM_ERROR_TOO_LARGE);
    CHECK_EQUAL(client_fs_stat(inode, &node), STATUS_OK);
    CHECK_EQUAL(node.size, end);
    CHECK(fsck_is_clean());
    CHECK_EQUAL(client_fs_truncate(inode, 300000), STATUS_OK);
    CHECK(fsck_is_clean());
    check_zeroes(inode, 243100, 50000);
    CHECK_EQUAL(client_fs_unlink(ROOT_INODE, "sparse"), STATUS_OK);
    CHECK(fsck_is_clean());
}

TEST(what_a_file_grows_by_is_zero_though_something_was_there)
{
    begin();
    uint32_t inode = create(ROOT_INODE, "f");

    CHECK_EQUAL(client_fs_write(inode, 0, bytes, 5000), STATUS_OK);
    CHECK_EQUAL(client_fs_truncate(inode, 1500), STATUS_OK);
    CHECK_EQUAL(client_fs_truncate(inode, 5000), STATUS_OK);
    check_zeroes(inode, 1500, 3500);
    CHECK_EQUAL(client_fs_write(inode, 0, bytes, 5000), STATUS_OK);
    CHECK_EQUAL(client_fs_truncate(inode, 1500), STATUS_OK);
    CHECK_EQUAL(client_fs_write(inode, 4000, bytes, 1), STATUS_OK);
    check_zeroes(inode, 1500, 2500);
    CHECK_EQUAL(client_fs_write(inode, 0, bytes, 5000), STATUS_OK);
    CHECK_EQUAL(client_fs_truncate(inode, 1500), STATUS_OK);
    CHECK_EQUAL(client_fs_write(inode, 1600, bytes, 1), STATUS_OK);
    check_zeroes(inode, 1500, 100);
}

// Writes files until something is full; tells how many bytes went in.
static uint64_t fill_disk(void)
{
    uint64_t total = 0;
    enum status status = STATUS_OK;
    uint32_t inode;

    for (char name[2] = "a"; status == STATUS_OK; name[0]++) {
        status = client_fs_create(ROOT_INODE, name, &inode);
        for (uint64_t at = 0, size = 30000; status == STATUS_OK && at < 400000; at += size) {
            status = client_fs_write(inode, at, bytes, size);
            if (status == (enum status)FILE_SYSTEM_ERROR_NO_SPACE && size > 1000) {
                size = 1000;
                status = client_fs_write(inode, at, bytes, size);
            }
            total += status == STATUS_OK ? size : 0;
        }
    }
    CHECK_EQUAL(status, FILE_SYSTEM_ERROR_NO_SPACE);
    return total;
}

static void remove_all(void)
{
    uint32_t next, inode;
    char name[NAME_BYTES + 1];

    while (client_fs_entry(ROOT_INODE, 0, &next, &inode, name) == STATUS_OK)
        CHECK_EQUAL(client_fs_unlink(ROOT_INODE, name), STATUS_OK);
}

TEST(a_full_disk_is_sound_and_gives_all_of_it_back)
{
    begin();
    uint64_t first = fill_disk();

    CHECK(first > 1800000);
    CHECK(fsck_is_clean());
    CHECK_EQUAL(client_fs_make_directory(ROOT_INODE, "no room", &(uint32_t){0}), FILE_SYSTEM_ERROR_NO_SPACE);
    CHECK(fsck_is_clean());
    remove_all();
    CHECK(fsck_is_clean());
    CHECK_EQUAL(fill_disk(), first);
    start_mfs();
    CHECK(fsck_is_clean());
}

TEST(inodes_run_out_and_come_back)
{
    uint32_t inode = 0, made;

    begin();
    for (made = 0; made < 100; made++) {
        char name[8];

        snprintf(name, sizeof name, "n%u", made);
        if (client_fs_create(ROOT_INODE, name, &inode) != STATUS_OK)
            break;
    }
    CHECK_EQUAL(made, 63);
    CHECK_EQUAL(client_fs_make_directory(ROOT_INODE, "d", &inode), FILE_SYSTEM_ERROR_NO_SPACE);
    CHECK(fsck_is_clean());
    CHECK_EQUAL(client_fs_unlink(ROOT_INODE, "n40"), STATUS_OK);
    (void)make_directory(ROOT_INODE, "d");
    CHECK(fsck_is_clean());
}

TEST(a_directory_grows_past_its_direct_zones)
{
    uint32_t next, inode, directory, position = 0, count = 0;
    char name[NAME_BYTES + 1];

    make_disk(BLOCKS, "512");
    start_mfs();
    directory = make_directory(ROOT_INODE, "large");
    for (unsigned i = 0; i < 300; i++) {
        memset(name, 'n', NAME_BYTES);
        name[NAME_BYTES] = 0;
        name[0] = (char)('a' + i / 26);
        name[1] = (char)('a' + i % 26);
        (void)create(directory, name);
    }
    CHECK(fsck_is_clean());
    start_mfs();
    while (client_fs_entry(directory, position, &next, &inode, name) == STATUS_OK) {
        CHECK(next > position && strlen(name) == NAME_BYTES);
        position = next;
        count++;
    }
    CHECK_EQUAL(count, 300);
    CHECK_EQUAL(client_fs_remove_directory(ROOT_INODE, "large"), FILE_SYSTEM_ERROR_NOT_EMPTY);
    while (client_fs_entry(directory, 0, &next, &inode, name) == STATUS_OK)
        CHECK_EQUAL(client_fs_unlink(directory, name), STATUS_OK);
    CHECK_EQUAL(client_fs_remove_directory(ROOT_INODE, "large"), STATUS_OK);
    CHECK(fsck_is_clean());
}

TEST(a_number_that_is_no_inode_is_absent)
{
    static const uint32_t numbers[] = {0, 2, 64, 65, 0x7fffffff, UINT32_MAX};
    struct file_system_node node;
    uint32_t next;
    char name[NAME_BYTES + 1];
    size_t told;

    begin();
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        CHECK_EQUAL(client_fs_stat(numbers[i], &node), FILE_SYSTEM_ERROR_ABSENT);
        CHECK_EQUAL(client_fs_lookup(numbers[i], "a", &node), FILE_SYSTEM_ERROR_ABSENT);
        CHECK_EQUAL(client_fs_entry(numbers[i], 0, &next, &next, name), FILE_SYSTEM_ERROR_ABSENT);
        CHECK_EQUAL(client_fs_read(numbers[i], 0, 10, got, sizeof got, &told), FILE_SYSTEM_ERROR_ABSENT);
        CHECK_EQUAL(client_fs_write(numbers[i], 0, bytes, 10), FILE_SYSTEM_ERROR_ABSENT);
        CHECK_EQUAL(client_fs_create(numbers[i], "a", &next), FILE_SYSTEM_ERROR_ABSENT);
        CHECK_EQUAL(client_fs_link(numbers[i], ROOT_INODE, "a"), FILE_SYSTEM_ERROR_ABSENT);
    }
    CHECK_EQUAL(client_fs_entry(ROOT_INODE, UINT32_MAX, &next, &next, name), FILE_SYSTEM_ERROR_ABSENT);
    CHECK_EQUAL(write_count, 0);
}

// --- Moving a directory, cut off -----------------------------------------------------------------------------

// Whether /a/d is there, or /b/d: exactly one of them, with what is in it.
static void check_moved_or_not(uint32_t moving)
{
    uint32_t in_a = look_up(look_up(ROOT_INODE, "a"), "d"), in_b = look_up(look_up(ROOT_INODE, "b"), "d");

    CHECK_EQUAL(in_a + in_b, moving);
    CHECK(look_up(moving, "f") != 0);
    CHECK(fsck_is_clean());
}

TEST(a_directory_whose_move_is_cut_off_has_one_name)
{
    for (int cut = 0;; cut++) {
        begin();
        uint32_t a = make_directory(ROOT_INODE, "a"), b = make_directory(ROOT_INODE, "b"), d = make_directory(a, "d");

        (void)create(d, "f");
        writes_left = cut;
        enum status status = client_fs_rename(a, "d", b, "d");

        start_mfs();
        check_moved_or_not(d);
        if (status == STATUS_OK)
            break;
        CHECK_EQUAL(status, FILE_SYSTEM_ERROR_IO);
        // And `..` leads where it is: it can be moved into the other and back, and not into itself.
        CHECK(client_fs_rename(a, "d", b, "d") == STATUS_OK || look_up(b, "d") == d);
        CHECK_EQUAL(client_fs_rename(b, "d", d, "x"), FILE_SYSTEM_ERROR_INSIDE_ITSELF);
        CHECK_EQUAL(client_fs_rename(ROOT_INODE, "b", d, "x"), FILE_SYSTEM_ERROR_INSIDE_ITSELF);
        CHECK_EQUAL(client_fs_rename(b, "d", a, "d"), STATUS_OK);
        CHECK(fsck_is_clean());
    }
}

TEST(recovery_that_is_cut_off_is_finished_by_the_next)
{
    begin();
    uint32_t a = make_directory(ROOT_INODE, "a"), b = make_directory(ROOT_INODE, "b"), d = make_directory(a, "d");

    (void)create(d, "f");
    for (int cut = 0; cut < 8; cut++) {
        writes_left = 2; // the name in b is not there yet
        CHECK(client_fs_rename(look_up(a, "d") != 0 ? a : b, "d", look_up(a, "d") != 0 ? b : a, "d") != STATUS_OK);
        disk_is_dead = false;
        writes_left = cut;
        CHECK(host_run(run_main) == HOST_IDLE);
        start_mfs();
        check_moved_or_not(d);
    }
}

// --- Disks that are not as they should be ------------------------------------------------------------------------

TEST(the_death_of_the_disks_driver_is_a_delay)
{
    static const enum status ends[] = {STATUS_PEER_DIED, STATUS_TIMED_OUT};

    begin();
    for (unsigned i = 0; i < 2; i++) {
        host_next_call = ends[i];
        CHECK_EQUAL(block_access_write(BLOCKS - 4, 2, bytes), STATUS_OK);
        host_next_call = ends[i];
        CHECK_EQUAL(block_access_flush(), STATUS_OK);
        host_next_call = ends[i];
        CHECK_EQUAL(block_access_read(BLOCKS - 4, 2, got), STATUS_OK);
        CHECK(memcmp(got, bytes, 2 * BLOCK_BYTES) == 0);
    }
}

TEST(a_failed_operation_is_as_good_as_cut_off_and_the_next_one_repairs)
{
    begin();
    uint32_t inode = create(ROOT_INODE, "f");

    writes_left = 3;
    CHECK_EQUAL(client_fs_write(inode, 0, bytes, 60000), FILE_SYSTEM_ERROR_IO);
    CHECK_EQUAL(client_fs_write(inode, 0, bytes, 60000), FILE_SYSTEM_ERROR_IO);
    disk_is_dead = false;
    writes_left = -1;
    CHECK_EQUAL(client_fs_write(inode, 0, bytes, 60000), STATUS_OK);
    CHECK(fsck_is_clean());
}

TEST(a_disk_that_cannot_be_written_is_read_only)
{
    begin();
    (void)create(ROOT_INODE, "f");
    disk_read_only = true;
    start_mfs();
    CHECK(look_up(ROOT_INODE, "f") != 0);
    CHECK_EQUAL(client_fs_unlink(ROOT_INODE, "f"), FILE_SYSTEM_ERROR_READ_ONLY);
    CHECK_EQUAL(client_fs_write(look_up(ROOT_INODE, "f"), 0, bytes, 10), FILE_SYSTEM_ERROR_READ_ONLY);
}

TEST(a_disk_with_something_else_is_left_alone)
{
    struct file_system_properties properties;

    begin();
    memset(disk + BLOCK_BYTES, 0x55, BLOCK_BYTES);
    start_mfs();
    CHECK_EQUAL(client_fs_info(&properties), FILE_SYSTEM_ERROR_IO);
    CHECK_EQUAL(client_fs_create(ROOT_INODE, "f", &(uint32_t){0}), FILE_SYSTEM_ERROR_IO);
    CHECK_EQUAL(write_count, 0);
    make_disk(BLOCKS, INODES);
    disk_bytes -= BLOCK_BYTES; // it was made for a larger disk
    start_mfs();
    CHECK_EQUAL(client_fs_info(&properties), FILE_SYSTEM_ERROR_IO);
    disk_bytes = 0;
    start_mfs();
    CHECK_EQUAL(client_fs_info(&properties), FILE_SYSTEM_ERROR_IO);
}

TEST(a_disk_that_no_cut_can_explain_is_read_only_and_left_as_it_is)
{
    struct file_system_properties properties;

    begin();
    uint32_t inode = create(ROOT_INODE, "f");

    CHECK_EQUAL(client_fs_write(inode, 0, bytes, 5000), STATUS_OK);
    // Its second zone is its first.
    struct inode *on_disk = (struct inode *)(disk + 4 * BLOCK_BYTES) + inode - 1;

    CHECK_EQUAL(on_disk->size, 5000);
    on_disk->zones[1] = on_disk->zones[0];
    write_count = 0;
    start_mfs();
    CHECK_EQUAL(client_fs_info(&properties), STATUS_OK);
    CHECK(properties.read_only);
    CHECK_EQUAL(look_up(ROOT_INODE, "f"), inode);
    CHECK_EQUAL(client_fs_unlink(ROOT_INODE, "f"), FILE_SYSTEM_ERROR_READ_ONLY);
    CHECK_EQUAL(write_count, 0);
}
