// For the tests: two file systems in memory, one of which dies when the test says so, before or after it did
// its work. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "host.h"

#include <glue.h>

#include <string.h>

#define NODES       40u
#define ENTRIES     60u
#define FILE_BYTES  6000u
#define ROOT        1u
#define DEATH_NEVER (-1)

struct fake_node {
    bool is_used;
    uint8_t kind;
    uint32_t links;  // a directory's are not counted
    uint64_t size;
    uint8_t bytes[FILE_BYTES];
};

struct fake_entry {
    uint32_t directory;  // 0: free
    uint32_t inode;
    char name[61];
};

struct fake_file_system {
    struct fake_node nodes[NODES];
    struct fake_entry entries[ENTRIES];
};

enum death { FILE_SYSTEM_DIES_BEFORE, FILE_SYSTEM_DIES_AFTER, VFS_DIES_BEFORE, VFS_DIES_AFTER, DEATHS };

static struct fake_file_system fakes[2];
static int calls_to_death = DEATH_NEVER;
static enum death death;
static bool file_system_is_down;  // it answers nothing
static unsigned call_count, sync_count;

static uint64_t random_state = 88172645463325252ull;

// xorshift64* (Marsaglia 2003, Vigna 2016).
static uint32_t choose(uint32_t below)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * 0x2545f4914f6cdd1dull >> 32) % below);
}

static void make_fakes(void)
{
    memset(fakes, 0, sizeof fakes);
    for (unsigned i = 0; i < 2; i++)
        fakes[i].nodes[ROOT] =
            (struct fake_node){.is_used = true, .kind = FILE_SYSTEM_KIND_DIRECTORY, .links = 2};
    calls_to_death = DEATH_NEVER;
    file_system_is_down = false;
}

static bool begins_to_die(enum death wanted)
{
    return calls_to_death == 0 && death == wanted;
}

// True: the work is not done.
static bool dies_before(void)
{
    call_count++;
    if (begins_to_die(VFS_DIES_BEFORE)) {
        calls_to_death = DEATH_NEVER;
        sys_exit(1);
    }
    if (!file_system_is_down && !begins_to_die(FILE_SYSTEM_DIES_BEFORE))
        return false;
    calls_to_death = DEATH_NEVER;
    host_lost_answer = STATUS_PEER_DIED;
    return true;
}

static void may_die_after(void)
{
    if (begins_to_die(VFS_DIES_AFTER)) {
        calls_to_death = DEATH_NEVER;
        sys_exit(1);
    }
    if (begins_to_die(FILE_SYSTEM_DIES_AFTER)) {
        calls_to_death = DEATH_NEVER;
        host_lost_answer = choose(2) ? STATUS_PEER_DIED : STATUS_TIMED_OUT;
    }
    if (calls_to_death > 0)
        calls_to_death--;
}

// --- The tree -------------------------------------------------------------------------

static struct fake_node *node_of(struct fake_file_system *fs, uint32_t inode)
{
    return inode < NODES && fs->nodes[inode].is_used ? &fs->nodes[inode] : NULL;
}

static struct fake_entry *find_entry(struct fake_file_system *fs, uint32_t directory, const char *name)
{
    for (unsigned i = 0; i < ENTRIES; i++) {
        if (fs->entries[i].directory == directory && strcmp(fs->entries[i].name, name) == 0)
            return &fs->entries[i];
    }
    return NULL;
}

static enum status check_directory(struct fake_file_system *fs, uint32_t directory)
{
    struct fake_node *node = node_of(fs, directory);

    if (node == NULL)
        return FILE_SYSTEM_ERROR_ABSENT;
    return node->kind == FILE_SYSTEM_KIND_DIRECTORY ? STATUS_OK
                                                    : (enum status)FILE_SYSTEM_ERROR_NOT_DIRECTORY;
}

static struct file_system_node tell(struct fake_file_system *fs, uint32_t inode)
{
    return (struct file_system_node){.size = fs->nodes[inode].size,
                                     .inode = inode,
                                     .links = fs->nodes[inode].links,
                                     .kind = fs->nodes[inode].kind};
}

static void add_entry(struct fake_file_system *fs, uint32_t directory, const char *name, uint32_t inode)
{
    struct fake_entry *entry = find_entry(fs, 0, "");

    CHECK(entry != NULL);
    entry->directory = directory;
    entry->inode = inode;
    strcpy(entry->name, name);
}

static enum status fake_lookup(struct fake_file_system *fs, uint32_t directory, const char *name,
                               struct file_system_node *node)
{
    enum status status = check_directory(fs, directory);
    struct fake_entry *entry = find_entry(fs, directory, name);

    if (status != STATUS_OK || entry == NULL)
        return status != STATUS_OK ? status : (enum status)FILE_SYSTEM_ERROR_ABSENT;
    *node = tell(fs, entry->inode);
    return STATUS_OK;
}

static enum status fake_make(struct fake_file_system *fs, uint32_t directory, const char *name, uint8_t kind,
                             uint32_t *inode)
{
    enum status status = check_directory(fs, directory);

    if (status != STATUS_OK || find_entry(fs, directory, name) != NULL)
        return status != STATUS_OK ? status : (enum status)FILE_SYSTEM_ERROR_EXISTS;
    for (*inode = ROOT; *inode < NODES && fs->nodes[*inode].is_used; ++*inode)
        ;
    if (*inode == NODES)
        return FILE_SYSTEM_ERROR_NO_SPACE;
    fs->nodes[*inode] = (struct fake_node){.is_used = true, .kind = kind, .links = 1};
    add_entry(fs, directory, name, *inode);
    return STATUS_OK;
}

static bool is_empty(struct fake_file_system *fs, uint32_t directory)
{
    for (unsigned i = 0; i < ENTRIES; i++) {
        if (fs->entries[i].directory == directory)
            return false;
    }
    return true;
}

static enum status fake_remove(struct fake_file_system *fs, uint32_t directory, const char *name,
                               bool wants_directory)
{
    struct fake_entry *entry = find_entry(fs, directory, name);

    if (entry == NULL)
        return FILE_SYSTEM_ERROR_ABSENT;
    bool is_directory = fs->nodes[entry->inode].kind == FILE_SYSTEM_KIND_DIRECTORY;

    if (is_directory != wants_directory)
        return wants_directory ? FILE_SYSTEM_ERROR_NOT_DIRECTORY : FILE_SYSTEM_ERROR_IS_DIRECTORY;
    if (is_directory && !is_empty(fs, entry->inode))
        return FILE_SYSTEM_ERROR_NOT_EMPTY;
    if (--fs->nodes[entry->inode].links == 0)
        fs->nodes[entry->inode].is_used = false;
    *entry = (struct fake_entry){0};
    return STATUS_OK;
}

static bool is_inside(struct fake_file_system *fs, uint32_t inode, uint32_t directory)
{
    while (directory != inode && directory != ROOT) {
        for (unsigned i = 0; i < ENTRIES; i++) {
            if (fs->entries[i].directory != 0 && fs->entries[i].inode == directory) {
                directory = fs->entries[i].directory;
                break;
            }
        }
    }
    return directory == inode;
}

static enum status fake_rename(struct fake_file_system *fs, uint32_t directory, const char *name,
                               uint32_t to_directory, const char *to_name)
{
    struct fake_entry *from = find_entry(fs, directory, name), *to = find_entry(fs, to_directory, to_name);

    if (from == NULL)
        return FILE_SYSTEM_ERROR_ABSENT;
    if (to == from)
        return STATUS_OK;
    bool is_directory = fs->nodes[from->inode].kind == FILE_SYSTEM_KIND_DIRECTORY;

    if (to != NULL && fs->nodes[to->inode].kind == FILE_SYSTEM_KIND_DIRECTORY)
        return is_directory ? FILE_SYSTEM_ERROR_EXISTS : FILE_SYSTEM_ERROR_IS_DIRECTORY;
    if (to != NULL && is_directory)
        return FILE_SYSTEM_ERROR_NOT_DIRECTORY;
    if (is_directory && is_inside(fs, from->inode, to_directory))
        return FILE_SYSTEM_ERROR_INSIDE_ITSELF;
    if (to != NULL)
        CHECK_EQUAL(fake_remove(fs, to_directory, to_name, false), STATUS_OK);
    from->directory = to_directory;
    strcpy(from->name, to_name);
    return STATUS_OK;
}

static enum status fake_entry(struct fake_file_system *fs, uint32_t directory, uint32_t position,
                              uint32_t *next, uint32_t *inode, char name[61])
{
    enum status status = check_directory(fs, directory);

    for (unsigned i = position; status == STATUS_OK && i < ENTRIES; i++) {
        if (fs->entries[i].directory == directory) {
            *next = i + 1;
            *inode = fs->entries[i].inode;
            memcpy(name, fs->entries[i].name, 61);
            return STATUS_OK;
        }
    }
    return status != STATUS_OK ? status : (enum status)FILE_SYSTEM_ERROR_ABSENT;
}

static enum status fake_read(struct fake_file_system *fs, uint32_t inode, uint64_t offset, uint32_t count,
                             const struct lend *data, size_t *got)
{
    struct fake_node *node = node_of(fs, inode);

    *got = 0;
    if (node == NULL)
        return FILE_SYSTEM_ERROR_ABSENT;
    if (offset < node->size)
        *got = count < node->size - offset ? count : node->size - offset;
    return lend_write(data, 0, node->bytes + (offset < node->size ? offset : 0), *got);
}

static enum status fake_write(struct fake_file_system *fs, uint32_t inode, uint64_t offset,
                              const struct lend *data)
{
    struct fake_node *node = node_of(fs, inode);

    if (node == NULL)
        return FILE_SYSTEM_ERROR_ABSENT;
    if (offset > FILE_BYTES || data->bytes > FILE_BYTES - offset)
        return FILE_SYSTEM_ERROR_TOO_LARGE;
    if (offset + data->bytes > node->size)
        node->size = offset + data->bytes;
    return lend_read(data, 0, node->bytes + offset, data->bytes);
}

static enum status fake_truncate(struct fake_file_system *fs, uint32_t inode, uint64_t size)
{
    struct fake_node *node = node_of(fs, inode);

    if (node == NULL)
        return FILE_SYSTEM_ERROR_ABSENT;
    if (size > FILE_BYTES)
        return FILE_SYSTEM_ERROR_TOO_LARGE;
    memset(node->bytes + size, 0, FILE_BYTES - size);
    node->size = size;
    return STATUS_OK;
}

// --- FileSystem, twice ----------------------------------------------------------------

#define ANSWER(work)                     \
    do {                                 \
        (void)call;                      \
        if (dies_before())               \
            return FILE_SYSTEM_ERROR_IO; \
        enum status answer = (work);     \
        may_die_after();                 \
        return answer;                   \
    } while (0)

static enum status fake_info(struct file_system_properties *properties)
{
    *properties =
        (struct file_system_properties){.largest_file = FILE_BYTES, .root = ROOT, .block_bytes = 1024};
    return STATUS_OK;
}

static enum status fake_stat(struct fake_file_system *fs, uint32_t inode, struct file_system_node *node)
{
    if (node_of(fs, inode) == NULL)
        return FILE_SYSTEM_ERROR_ABSENT;
    *node = tell(fs, inode);
    return STATUS_OK;
}

static enum status fake_sync(void)
{
    sync_count++;
    return STATUS_OK;
}

#define FILE_SYSTEM(peer, fs)                                                                                \
    enum status peer##_info(const struct call *call, struct file_system_properties *properties)              \
    {                                                                                                        \
        ANSWER(fake_info(properties));                                                                       \
    }                                                                                                        \
    enum status peer##_stat(const struct call *call, uint32_t inode, struct file_system_node *node)          \
    {                                                                                                        \
        ANSWER(fake_stat(fs, inode, node));                                                                  \
    }                                                                                                        \
    enum status peer##_lookup(const struct call *call, uint32_t directory, const char *name,                 \
                              struct file_system_node *node)                                                 \
    {                                                                                                        \
        ANSWER(fake_lookup(fs, directory, name, node));                                                      \
    }                                                                                                        \
    enum status peer##_entry(const struct call *call, uint32_t directory, uint32_t position, uint32_t *next, \
                             uint32_t *inode, char name[61])                                                 \
    {                                                                                                        \
        ANSWER(fake_entry(fs, directory, position, next, inode, name));                                      \
    }                                                                                                        \
    enum status peer##_read(const struct call *call, uint32_t inode, uint64_t offset, uint32_t count,        \
                            const struct lend *data, size_t *data_bytes)                                     \
    {                                                                                                        \
        ANSWER(fake_read(fs, inode, offset, count, data, data_bytes));                                       \
    }                                                                                                        \
    enum status peer##_write(const struct call *call, uint32_t inode, uint64_t offset,                       \
                             const struct lend *data)                                                        \
    {                                                                                                        \
        ANSWER(fake_write(fs, inode, offset, data));                                                         \
    }                                                                                                        \
    enum status peer##_truncate(const struct call *call, uint32_t inode, uint64_t size)                      \
    {                                                                                                        \
        ANSWER(fake_truncate(fs, inode, size));                                                              \
    }                                                                                                        \
    enum status peer##_create(const struct call *call, uint32_t directory, const char *name,                 \
                              uint32_t *inode)                                                               \
    {                                                                                                        \
        ANSWER(fake_make(fs, directory, name, FILE_SYSTEM_KIND_FILE, inode));                                \
    }                                                                                                        \
    enum status peer##_make_directory(const struct call *call, uint32_t directory, const char *name,         \
                                      uint32_t *inode)                                                       \
    {                                                                                                        \
        ANSWER(fake_make(fs, directory, name, FILE_SYSTEM_KIND_DIRECTORY, inode));                           \
    }                                                                                                        \
    enum status peer##_link(const struct call *call, uint32_t inode, uint32_t directory, const char *name)   \
    {                                                                                                        \
        (void)call, (void)inode, (void)directory, (void)name;                                                \
        CHECK(false);                                                                                        \
        return FILE_SYSTEM_ERROR_IO;                                                                         \
    }                                                                                                        \
    enum status peer##_unlink(const struct call *call, uint32_t directory, const char *name)                 \
    {                                                                                                        \
        ANSWER(fake_remove(fs, directory, name, false));                                                     \
    }                                                                                                        \
    enum status peer##_remove_directory(const struct call *call, uint32_t directory, const char *name)       \
    {                                                                                                        \
        ANSWER(fake_remove(fs, directory, name, true));                                                      \
    }                                                                                                        \
    enum status peer##_rename(const struct call *call, uint32_t from_directory, const char *from_name,       \
                              uint32_t to_directory, const char *to_name)                                    \
    {                                                                                                        \
        ANSWER(fake_rename(fs, from_directory, from_name, to_directory, to_name));                           \
    }                                                                                                        \
    enum status peer##_sync(const struct call *call)                                                         \
    {                                                                                                        \
        ANSWER(fake_sync());                                                                                 \
    }

FILE_SYSTEM(peer_root, &fakes[0])
FILE_SYSTEM(peer_mounted, &fakes[1])

void on_peer_log_lines(void)
{
}

// --- vfs ------------------------------------------------------------------------------

int component_main(void);

static void run_main(void)
{
    component_main();
}

// As after its death: the region is as it was.
static void start_vfs(void)
{
    CHECK(host_run(run_main) == HOST_IDLE);
}

// As at boot.
static void boot_vfs(void)
{
    make_fakes();
    memset((void *)REGION_TABLE_BASE, 0, REGION_TABLE_BYTES);
    start_vfs();
}
