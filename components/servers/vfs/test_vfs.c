// Host test of vfs: paths, open files, limits, and what a client's end leaves.
// SPDX-License-Identifier: BSD-2-Clause

#include "fake_file_systems.h"
#include "path.h"
#include "table.h"

#define RW     (FILES_MODE_READ | FILES_MODE_WRITE)
#define CREATE (RW | FILES_MODE_CREATE)

static uint64_t number;
static uint8_t data[1000];
static size_t got;

static void begin(void)
{
    boot_vfs();
    number = 0;
    CHECK_EQUAL(client_files_begin(), STATUS_OK);
}

static uint32_t open_file(const char *path, uint64_t mode)
{
    uint32_t file = 0;

    CHECK_EQUAL(client_files_open(++number, mode, path, &file), STATUS_OK);
    return file;
}

static enum status open_status(const char *path, uint64_t mode)
{
    uint32_t file;

    return client_files_open(++number, mode, path, &file);
}

static void write_text(uint32_t file, const char *text)
{
    CHECK_EQUAL(client_files_write(++number, file, text, strlen(text)), STATUS_OK);
}

static void check_next(uint32_t file, const char *text)
{
    CHECK_EQUAL(client_files_read(++number, file, (uint32_t)strlen(text), data, sizeof data, &got),
                STATUS_OK);
    CHECK(got == strlen(text) && memcmp(data, text, got) == 0);
}

// Another client, as vfs sees it.
#define OTHER ((struct call){.client = CLIENT_VFS_CLIENT_FILES == 0 ? 1 : 0})

// --- Paths ----------------------------------------------------------------------------

static void check_path(const char *text, const char *expected)
{
    struct path path;
    char joined[PATH_BYTES + 1] = "";

    CHECK(path_parse(text, &path));
    for (unsigned i = 0; i < path.count; i++) {
        strcat(joined, "/");
        strcat(joined, path.names[i]);
    }
    CHECK(strcmp(joined, expected) == 0);
}

TEST(paths_are_taken_apart_and_never_go_above_the_root)
{
    check_path("/", "");
    check_path("//", "");
    check_path("/a", "/a");
    check_path("/a/", "/a");
    check_path("//a///b//", "/a/b");
    check_path("/./a/./b/.", "/a/b");
    check_path("/a/../b", "/b");
    check_path("/../../..", "");
    check_path("/../a", "/a");
    check_path("/a/b/../../../c", "/c");
    check_path("/...", "/...");
    check_path("/..a/.b", "/..a/.b");
}

TEST(what_is_no_path_is_refused)
{
    static char long_name[70] = "/", deep[400], long_path[400] = "/";
    struct path path;

    CHECK(!path_parse("", &path));
    CHECK(!path_parse("a", &path));
    CHECK(!path_parse("./a", &path));
    memset(long_name + 1, 'n', NAME_BYTES);
    CHECK(path_parse(long_name, &path));
    long_name[1 + NAME_BYTES] = 'n';
    CHECK(!path_parse(long_name, &path));
    for (unsigned i = 0; i < PATH_NAMES; i++)
        strcat(deep, "/d");
    CHECK(path_parse(deep, &path));
    strcat(deep, "/d");
    CHECK(!path_parse(deep, &path));
    memset(long_path, '/', PATH_BYTES);
    CHECK(path_parse(long_path, &path));
    long_path[PATH_BYTES] = '/';
    CHECK(!path_parse(long_path, &path));
    begin();
    CHECK_EQUAL(open_status("a", CREATE), FILES_ERROR_BAD_PATH);
    CHECK_EQUAL(client_files_make_directory(++number, ""), FILES_ERROR_BAD_PATH);
}

TEST(the_mounted_file_system_hides_what_the_root_has_there)
{
    struct files_node node;

    begin();
    write_text(open_file("/mntx", CREATE), "root");
    write_text(open_file("/mnt/f", CREATE), "below");
    CHECK_EQUAL(client_files_stat("/mntx", &node), STATUS_OK);
    CHECK_EQUAL(client_files_stat("/a/../mnt/./f", &node), STATUS_OK);
    CHECK(node.size == 5 && node.kind == FILES_KIND_FILE);
    CHECK_EQUAL(client_files_stat("/f", &node), FILES_ERROR_ABSENT);
    CHECK(find_entry(&fakes[1], ROOT, "f") != NULL && find_entry(&fakes[0], ROOT, "mntx") != NULL);
    CHECK_EQUAL(client_files_rename(++number, "/mntx", "/mnt/mntx"), FILES_ERROR_OTHER_FILE_SYSTEM);
    CHECK_EQUAL(client_files_remove_directory(++number, "/mnt"), FILES_ERROR_BUSY);
    CHECK_EQUAL(client_files_rename(++number, "/mnt", "/x"), FILES_ERROR_BUSY);
    CHECK_EQUAL(client_files_rename(++number, "/mntx", "/"), FILES_ERROR_BUSY);
    CHECK_EQUAL(client_files_make_directory(++number, "/mnt"), FILES_ERROR_EXISTS);
    CHECK_EQUAL(client_files_stat("/mnt", &node), STATUS_OK);
    CHECK_EQUAL(node.kind, FILES_KIND_DIRECTORY);
}

TEST(a_directory_lists_its_names)
{
    uint32_t next = 0;
    char name[NAME_BYTES + 1];

    begin();
    CHECK_EQUAL(client_files_make_directory(++number, "/d"), STATUS_OK);
    CHECK_EQUAL(client_files_entry(0, "/d", &next, name), FILES_ERROR_ABSENT);
    (void)open_file("/d/one", CREATE);
    CHECK_EQUAL(client_files_entry(0, "/d", &next, name), STATUS_OK);
    CHECK(strcmp(name, "one") == 0);
    CHECK_EQUAL(client_files_entry(next, "/d", &next, name), FILES_ERROR_ABSENT);
    CHECK_EQUAL(client_files_entry(0, "/d/one", &next, name), FILES_ERROR_NOT_DIRECTORY);
    CHECK_EQUAL(client_files_entry(0, "/d/one/x", &next, name), FILES_ERROR_NOT_DIRECTORY);
    CHECK_EQUAL(client_files_entry(0, "/none", &next, name), FILES_ERROR_ABSENT);
}

// --- Open files -----------------------------------------------------------------------

TEST(each_open_file_has_its_own_offset)
{
    begin();
    uint32_t one = open_file("/f", CREATE), two = open_file("/f", FILES_MODE_READ);

    CHECK(one != two);
    write_text(one, "hello ");
    write_text(one, "world");
    check_next(two, "hello");
    check_next(two, " world");
    CHECK_EQUAL(client_files_seek(one, 4), STATUS_OK);
    check_next(one, "o w");
    CHECK_EQUAL(client_files_read(++number, two, 10, data, sizeof data, &got), STATUS_OK);
    CHECK_EQUAL(got, 0);
    CHECK_EQUAL(client_files_truncate(one, 3), STATUS_OK);
    CHECK_EQUAL(client_files_seek(two, 0), STATUS_OK);
    CHECK_EQUAL(client_files_read(++number, two, 10, data, sizeof data, &got), STATUS_OK);
    CHECK_EQUAL(got, 3);
    CHECK_EQUAL(client_files_sync(two), STATUS_OK);
    CHECK_EQUAL(sync_count, 1);
}

TEST(a_mode_allows_what_it_says)
{
    uint32_t file;

    begin();
    CHECK_EQUAL(open_status("/f", RW), FILES_ERROR_ABSENT);
    CHECK_EQUAL(open_status("/f", 0), FILES_ERROR_DENIED);
    CHECK_EQUAL(open_status("/f", FILES_MODE_READ | FILES_MODE_CREATE), FILES_ERROR_DENIED);
    CHECK_EQUAL(open_status("/f", RW | FILES_MODE_EXCLUSIVE), FILES_ERROR_DENIED);
    file = open_file("/f", FILES_MODE_WRITE | FILES_MODE_CREATE | FILES_MODE_EXCLUSIVE);
    CHECK_EQUAL(open_status("/f", CREATE | FILES_MODE_EXCLUSIVE), FILES_ERROR_EXISTS);
    write_text(file, "0123456789");
    CHECK_EQUAL(client_files_read(++number, file, 1, data, sizeof data, &got), FILES_ERROR_DENIED);
    file = open_file("/f", FILES_MODE_READ);
    check_next(file, "0123");
    CHECK_EQUAL(client_files_write(++number, file, "x", 1), FILES_ERROR_DENIED);
    CHECK_EQUAL(client_files_truncate(file, 0), FILES_ERROR_DENIED);
    file = open_file("/f", FILES_MODE_WRITE | FILES_MODE_APPEND);
    CHECK_EQUAL(client_files_seek(file, 2), STATUS_OK);
    write_text(file, "ab");
    CHECK(fakes[0].nodes[2].size == 12 && memcmp(fakes[0].nodes[2].bytes + 8, "89ab", 4) == 0);
    (void)open_file("/f", FILES_MODE_WRITE | FILES_MODE_TRUNCATE);
    CHECK_EQUAL(fakes[0].nodes[2].size, 0);
    CHECK_EQUAL(client_files_make_directory(++number, "/d"), STATUS_OK);
    CHECK_EQUAL(open_status("/d", FILES_MODE_READ), FILES_ERROR_NOT_FILE);
    CHECK_EQUAL(open_status("/", FILES_MODE_READ), FILES_ERROR_NOT_FILE);
}

TEST(a_number_that_is_no_open_file_of_the_client_is_refused)
{
    begin();
    uint32_t file = open_file("/f", CREATE);
    const uint32_t wrong[] = {file + 1, file - 256, file + 256, 0, 255, UINT32_MAX};

    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        CHECK_EQUAL(client_files_read(++number, wrong[i], 1, data, sizeof data, &got), FILES_ERROR_NOT_OPEN);
        CHECK_EQUAL(client_files_write(++number, wrong[i], "x", 1), FILES_ERROR_NOT_OPEN);
        CHECK_EQUAL(client_files_seek(wrong[i], 1), FILES_ERROR_NOT_OPEN);
        CHECK_EQUAL(client_files_truncate(wrong[i], 1), FILES_ERROR_NOT_OPEN);
        CHECK_EQUAL(client_files_sync(wrong[i]), FILES_ERROR_NOT_OPEN);
        CHECK_EQUAL(client_files_close(++number, wrong[i]), FILES_ERROR_NOT_OPEN);
    }
    // Nor is it another client's.
    struct call other = OTHER;

    CHECK_EQUAL(files_seek(&other, file, 1), FILES_ERROR_NOT_OPEN);
    CHECK_EQUAL(files_close(&other, 1, file), FILES_ERROR_NOT_OPEN);
    CHECK_EQUAL(client_files_close(++number, file), STATUS_OK);
    CHECK_EQUAL(client_files_seek(file, 1), FILES_ERROR_NOT_OPEN);
    // The entry is used again, and the old number stays no file.
    CHECK(open_file("/f", RW) != file);
    CHECK_EQUAL(client_files_seek(file, 1), FILES_ERROR_NOT_OPEN);
}

TEST(a_client_has_its_limit_and_others_have_theirs)
{
    uint32_t file = 0;

    begin();
    for (unsigned i = 0; i < CONFIG_OPEN_FILES; i++)
        file = open_file("/f", CREATE);
    CHECK_EQUAL(open_status("/f", RW), FILES_ERROR_LIMIT);
    CHECK_EQUAL(open_status("/new", CREATE), FILES_ERROR_LIMIT);
    CHECK(find_entry(&fakes[0], ROOT, "new") == NULL);
    struct call other = OTHER;
    uint32_t others;

    CHECK_EQUAL(files_open(&other, 1, RW, "/f", &others), STATUS_OK);
    CHECK_EQUAL(client_files_close(++number, file), STATUS_OK);
    (void)open_file("/f", RW);
}

TEST(what_is_open_cannot_go)
{
    begin();
    struct call other = OTHER;
    uint32_t file, others;

    CHECK_EQUAL(files_open(&other, 1, CREATE, "/f", &others), STATUS_OK);
    (void)open_file("/g", CREATE);
    file = open_file("/h", CREATE);
    CHECK_EQUAL(client_files_close(++number, file), STATUS_OK);
    CHECK_EQUAL(client_files_unlink(++number, "/f"), FILES_ERROR_BUSY);
    CHECK_EQUAL(client_files_rename(++number, "/h", "/f"), FILES_ERROR_BUSY);
    // It may move; and what is not open goes.
    CHECK_EQUAL(client_files_rename(++number, "/f", "/i"), STATUS_OK);
    CHECK_EQUAL(client_files_unlink(++number, "/i"), FILES_ERROR_BUSY);
    CHECK_EQUAL(client_files_rename(++number, "/i", "/h"), STATUS_OK);
    CHECK_EQUAL(files_close(&other, 2, others), STATUS_OK);
    CHECK_EQUAL(client_files_unlink(++number, "/h"), STATUS_OK);
    CHECK_EQUAL(client_files_unlink(++number, "/g"), FILES_ERROR_BUSY);
}

TEST(a_client_that_is_gone_has_nothing_open)
{
    begin();
    struct call other = OTHER;
    uint32_t file, mine = open_file("/f", CREATE);

    CHECK_EQUAL(files_open(&other, 1, RW, "/f", &file), STATUS_OK);
    files_client_gone(other.client);
    CHECK_EQUAL(files_seek(&other, file, 0), FILES_ERROR_NOT_OPEN);
    CHECK_EQUAL(client_files_seek(mine, 0), STATUS_OK);
    // A new life counts from 1 again; and what nobody told vfs of, `begin` does.
    CHECK_EQUAL(files_open(&other, 1, RW, "/f", &file), STATUS_OK);
    CHECK_EQUAL(files_begin(&other), STATUS_OK);
    CHECK_EQUAL(files_seek(&other, file, 0), FILES_ERROR_NOT_OPEN);
    CHECK_EQUAL(client_files_close(++number, mine), STATUS_OK);
    CHECK_EQUAL(client_files_unlink(++number, "/f"), STATUS_OK);
}

TEST(numbers_count_up)
{
    uint32_t file;

    begin();
    CHECK_EQUAL(client_files_open(0, CREATE, "/f", &file), FILES_ERROR_STALE);
    CHECK_EQUAL(client_files_open(5, CREATE, "/f", &file), STATUS_OK);
    CHECK_EQUAL(client_files_unlink(4, "/f"), FILES_ERROR_STALE);
    CHECK_EQUAL(client_files_write(7, file, "abc", 3), STATUS_OK);
    CHECK_EQUAL(client_files_write(6, file, "abc", 3), FILES_ERROR_STALE);
    CHECK_EQUAL(client_files_write(0, file, "abc", 3), FILES_ERROR_STALE);
    CHECK_EQUAL(client_files_write(7, file, "abc", 3), STATUS_OK);
    CHECK_EQUAL(fakes[0].nodes[2].size, 3);
}

// --- Restarts -------------------------------------------------------------------------

TEST(open_files_outlive_a_restart)
{
    begin();
    uint32_t file = open_file("/f", CREATE);

    write_text(file, "one");
    start_vfs();
    write_text(file, "two");
    CHECK_EQUAL(client_files_unlink(++number, "/f"), FILES_ERROR_BUSY);
    CHECK_EQUAL(client_files_seek(file, 0), STATUS_OK);
    start_vfs();
    check_next(file, "onetwo");
}

TEST(a_table_that_makes_no_sense_is_no_danger)
{
    struct table *table = (struct table *)REGION_TABLE_BASE;

    for (unsigned round = 0; round < 500; round++) {
        struct files_node node;

        random_state = round * 2 + 1;
        begin();
        uint32_t file = open_file("/f", CREATE);

        for (unsigned i = 0; i < sizeof *table; i++) {
            if (choose(4) == 0)
                ((uint8_t *)table)[i] = choose(2) ? (uint8_t)choose(4) : (uint8_t)choose(256);
        }
        start_vfs();
        number = UINT64_MAX - 100;
        (void)client_files_seek(file, 0);
        (void)client_files_read(++number, file, 10, data, sizeof data, &got);
        (void)client_files_write(++number, file, "x", 1);
        (void)client_files_unlink(++number, "/f");
        CHECK_EQUAL(client_files_begin(), STATUS_OK);
        CHECK(client_files_stat("/", &node) == STATUS_OK);
        number = 0;
        (void)open_file("/new", CREATE);
    }
}

TEST(while_the_file_system_is_down_requests_fail_and_can_be_repeated)
{
    begin();
    uint32_t file = open_file("/f", CREATE);

    file_system_is_down = true;
    CHECK_EQUAL(client_files_write(++number, file, "abc", 3), FILES_ERROR_IO);
    file_system_is_down = false;
    CHECK_EQUAL(client_files_write(number, file, "abc", 3), STATUS_OK);
    CHECK_EQUAL(fakes[0].nodes[2].size, 3);
    file_system_is_down = true;
    CHECK_EQUAL(client_files_make_directory(++number, "/d"), FILES_ERROR_IO);
    CHECK_EQUAL(client_files_make_directory(number, "/d"), FILES_ERROR_IO);
    file_system_is_down = false;
    CHECK_EQUAL(client_files_make_directory(number, "/d"), STATUS_OK);
    CHECK_EQUAL(client_files_make_directory(++number, "/d"), FILES_ERROR_EXISTS);
}

// The answer to a change is lost with the file system, which stays down: whether it happened is found out
// later.
TEST(a_change_whose_end_nobody_knows_is_settled_before_the_next)
{
    for (unsigned happened = 0; happened < 2; happened++) {
        struct call other = OTHER;

        begin();
        (void)open_file("/f", CREATE);
        CHECK_EQUAL(client_files_make_directory(++number, "/d"), STATUS_OK);
        struct table *table = (struct table *)REGION_TABLE_BASE;

        // As vfs leaves it when it ends after it has written the change down.
        table->clients[CLIENT_VFS_CLIENT_FILES].last = (struct request){.number = ++number};
        table->change = (struct change){.kind = CHANGE_MAKE_DIRECTORY,
                                        .client = CLIENT_VFS_CLIENT_FILES,
                                        .request = number,
                                        .from = {ROOT, "e"}};
        if (happened)
            CHECK_EQUAL(fake_make(&fakes[0], ROOT, "e", FILE_SYSTEM_KIND_DIRECTORY, &(uint32_t){0}),
                        STATUS_OK);
        file_system_is_down = true;
        start_vfs();
        CHECK_EQUAL(files_make_directory(&other, 1, "/x"), FILES_ERROR_IO);
        file_system_is_down = false;
        // Another client's removal of it comes between: the first still learns what became of its own
        // request.
        CHECK_EQUAL(files_remove_directory(&other, 2, "/e"),
                    happened ? STATUS_OK : (enum status)FILES_ERROR_ABSENT);
        CHECK_EQUAL(client_files_make_directory(number, "/e"), STATUS_OK);
        CHECK_EQUAL(find_entry(&fakes[0], ROOT, "e") == NULL, happened);
    }
}
