// Requests that are repeated.
// SPDX-License-Identifier: BSD-2-Clause

#include "requests.h"

#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#define PAUSE (10 * MILLISECOND)  // before a failed request is repeated
#define TRIES 500u

static uint64_t number;

// Whether to repeat it; waits a little if so. Another error than these is an answer, and none of the writer's
// requests may have one.
static bool again(const char *what, enum status status, unsigned *tries)
{
    if (status == STATUS_OK)
        return false;
    bool may_pass =
        status == STATUS_PEER_DIED || status == STATUS_TIMED_OUT || status == (enum status)FILES_ERROR_IO;

    if (!may_pass || ++*tries == TRIES)
        panic("%s: status %d", what, (int)status);
    log_debug("%s: status %d", what, (int)status);
    sleep_on(TIMER(PAUSE), PAUSE);
    return true;
}

#define REPEAT(what, request)                  \
    do {                                       \
        unsigned tries = 0;                    \
                                               \
        while (again(what, (request), &tries)) \
            ;                                  \
    } while (0)

void on_timer_pause(void)
{
    // Of a pause that is over.
}

void request_begin(void)
{
    number = 0;
    REPEAT("begin", files_begin());
}

void request_make_directory(const char *path)
{
    number++;
    REPEAT("make_directory", files_make_directory(number, path));
}

uint32_t request_open(const char *path, uint64_t mode)
{
    uint32_t file;

    number++;
    REPEAT("open", files_open(number, mode, path, &file));
    return file;
}

void request_close(uint32_t file)
{
    number++;
    REPEAT("close", files_close(number, file));
}

size_t request_read(uint32_t file, void *data, uint32_t count)
{
    size_t got;

    number++;
    REPEAT("read", files_read(number, file, count, data, count, &got));
    return got;
}

void request_write(uint32_t file, const void *data, size_t bytes)
{
    number++;
    REPEAT("write", files_write(number, file, data, bytes));
}

void request_seek(uint32_t file, uint64_t offset)
{
    REPEAT("seek", files_seek(file, offset));
}

void request_truncate(uint32_t file, uint64_t size)
{
    REPEAT("truncate", files_truncate(file, size));
}

void request_sync(uint32_t file)
{
    REPEAT("sync", files_sync(file));
}

void request_rename(const char *path, const char *new_path)
{
    number++;
    REPEAT("rename", files_rename(number, path, new_path));
}

uint64_t request_size(const char *path)
{
    struct files_node node;

    REPEAT("stat", files_stat(path, &node));
    return node.size;
}
