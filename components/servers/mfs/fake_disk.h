// For the tests: a disk in memory that loses its power, and the host's programs that make and check what is on it.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "host.h"

#include <glue.h>

#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>

#include "format.h"

#define SECTOR_BYTES 512u
#define DISK_MAX     (16u << 20)
#define RECENT_MAX   4096 // blocks written since the last flush

static uint8_t *disk;            // what a reader sees
static uint64_t disk_bytes;
static bool disk_read_only;
static int writes_left = -1;     // then the disk answers nothing but errors; -1: never
static uint64_t write_count;     // blocks since the start
static bool disk_is_dead;

// What a cut of the power may undo.
static struct {
    uint64_t offset;
    uint8_t before[BLOCK_BYTES];
} recent[RECENT_MAX];
static unsigned recent_count;

static uint64_t random_state = 88172645463325252ull;

// xorshift64* (Marsaglia 2003, Vigna 2016).
static uint32_t choose(uint32_t below)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * 0x2545f4914f6cdd1dull >> 32) % below);
}

// --- Block -------------------------------------------------------------------------------------------------

enum status peer_disk_info(const struct call *call, struct block_geometry *geometry)
{
    (void)call;
    *geometry = (struct block_geometry){
        .blocks = disk_bytes / SECTOR_BYTES, .block_bytes = SECTOR_BYTES, .read_only = disk_read_only};
    return disk_is_dead ? BLOCK_ERROR_IO : STATUS_OK;
}

enum status peer_disk_read(const struct call *call, uint64_t first, uint32_t count, const struct lend *data, size_t *data_bytes)
{
    (void)call;
    // mfs asks for nothing beyond the disk's end, whatever is on the disk.
    CHECK(count > 0 && count <= 65536 / SECTOR_BYTES && first + count <= disk_bytes / SECTOR_BYTES);
    *data_bytes = count * SECTOR_BYTES;
    return disk_is_dead ? BLOCK_ERROR_IO : lend_write(data, 0, disk + first * SECTOR_BYTES, *data_bytes);
}

static void remember(uint64_t offset)
{
    CHECK(recent_count < RECENT_MAX);
    recent[recent_count].offset = offset;
    memcpy(recent[recent_count++].before, disk + offset, BLOCK_BYTES);
}

enum status peer_disk_write(const struct call *call, uint64_t first, const struct lend *data)
{
    uint64_t offset = first * SECTOR_BYTES;

    (void)call;
    CHECK(!disk_read_only && data->bytes % BLOCK_BYTES == 0 && offset + data->bytes <= disk_bytes);
    for (uint32_t done = 0; done < data->bytes; done += BLOCK_BYTES) {
        disk_is_dead |= writes_left == 0;
        if (disk_is_dead)
            return BLOCK_ERROR_IO;
        writes_left -= writes_left > 0;
        write_count++;
        remember(offset + done);
        CHECK(lend_read(data, done, disk + offset + done, BLOCK_BYTES) == STATUS_OK);
    }
    return STATUS_OK;
}

enum status peer_disk_flush(const struct call *call)
{
    (void)call;
    if (!disk_is_dead)
        recent_count = 0;
    return disk_is_dead ? BLOCK_ERROR_IO : STATUS_OK;
}

void on_peer_log_lines(void)
{
}

// --- What happens to it ----------------------------------------------------------------------------------------

// Any of the writes that no flush followed may be missing.
static void lose_power(void)
{
    while (recent_count > 0) {
        recent_count--;
        if (choose(2) == 0)
            memcpy(disk + recent[recent_count].offset, recent[recent_count].before, BLOCK_BYTES);
    }
}

int component_main(void);

static void run_main(void)
{
    component_main();
}

// mfs starts, as at boot or after its death.
static void start_mfs(void)
{
    writes_left = -1;
    disk_is_dead = false;
    recent_count = 0;
    CHECK(host_run(run_main) == HOST_IDLE);
}

// --- The host's programs -------------------------------------------------------------------------------------

static int run_program(const char *const words[])
{
    extern char **environ;
    posix_spawn_file_actions_t quiet;
    pid_t child;
    int status;

    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
    CHECK(posix_spawn(&child, words[0], &quiet, NULL, (char *const *)words, environ) == 0);
    CHECK(waitpid(child, &status, 0) == child);
    posix_spawn_file_actions_destroy(&quiet);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int image_file; // the disk's memory is this file's

static const char *image_path(void)
{
    static char path[32];

    snprintf(path, sizeof path, "/proc/self/fd/%d", image_file);
    return path;
}

// A new disk as mkfs.minix makes it.
static void make_disk(uint32_t blocks, const char *inodes)
{
    const char *words[] = {"/usr/sbin/mkfs.minix", "-3", "-i", inodes, image_path(), NULL};

    disk_bytes = (uint64_t)blocks * BLOCK_BYTES;
    CHECK(disk_bytes <= DISK_MAX);
    if (disk == NULL) {
        image_file = memfd_create("disk", 0);
        words[4] = image_path();
        CHECK(ftruncate(image_file, DISK_MAX) == 0);
        disk = mmap(NULL, DISK_MAX, PROT_READ | PROT_WRITE, MAP_SHARED, image_file, 0);
        CHECK(disk != MAP_FAILED);
    }
    CHECK(ftruncate(image_file, 0) == 0 && ftruncate(image_file, (off_t)disk_bytes) == 0);
    CHECK_EQUAL(run_program(words), 0);
}

static bool fsck_is_clean(void)
{
    const char *words[] = {"/usr/sbin/fsck.minix", "-f", image_path(), NULL};

    return run_program(words) == 0;
}
