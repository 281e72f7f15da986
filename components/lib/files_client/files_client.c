// See files_client.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "files_client.h"

#include <tenon/time.h>

#define PAUSE    (10 * MILLISECOND)  // before a failed request is repeated
#define PATIENCE (2 * SECOND)

static uint64_t number;  // of the last request
static uint32_t session;
static bool is_begun;
static bool is_down;  // the last request was never answered

// One request, until it has its answer.
struct attempt {
    enum status status;
    bool is_over;
    nanos_t until;
};

static bool may_pass(enum status status)
{
    return status == STATUS_PEER_DIED || status == STATUS_TIMED_OUT || status == (enum status)FILES_ERROR_IO;
}

void on_timer_pause(void)
{
    // Of a pause that is over.
}

static struct attempt attempt_new(void)
{
    return (struct attempt){.until = clock_now() + (is_down ? 0 : PATIENCE)};
}

static void attempt_made(struct attempt *attempt, enum status status)
{
    attempt->status = status;
    attempt->is_over = !may_pass(status) || clock_now() >= attempt->until;
    if (!attempt->is_over) {
        sleep_on(TIMER(PAUSE), PAUSE);
        return;
    }
    is_down = may_pass(status);
    if (is_down || status == (enum status)FILES_ERROR_STALE) {
        is_begun = false;
        session++;
    }
}

// That vfs answers says nothing of what is below it.
static enum status begin(void)
{
    struct attempt attempt = attempt_new();
    bool was_down = is_down;

    while (!attempt.is_over)
        attempt_made(&attempt, files_begin());
    is_down = is_down || was_down;
    is_begun = attempt.status == STATUS_OK;
    number = 0;
    return attempt.status;
}

static struct attempt attempt_next(bool is_numbered)
{
    enum status status = is_begun ? STATUS_OK : begin();
    struct attempt attempt = attempt_new();

    attempt.status = status;
    attempt.is_over = status != STATUS_OK;
    number += is_numbered;
    return attempt;
}

#define RETURN(is_numbered, call)                           \
    do {                                                    \
        struct attempt attempt = attempt_next(is_numbered); \
                                                            \
        while (!attempt.is_over)                            \
            attempt_made(&attempt, (call));                 \
        return attempt.status;                              \
    } while (0)
#define RETURN_NUMBERED(call) RETURN(true, call)
#define RETURN_ANSWER(call)   RETURN(false, call)

uint32_t client_session(void)
{
    return session;
}

enum status client_open(const char *path, uint64_t mode, uint32_t *file)
{
    RETURN_NUMBERED(files_open(number, mode, path, file));
}

enum status client_close(uint32_t file)
{
    RETURN_NUMBERED(files_close(number, file));
}

enum status client_read(uint32_t file, void *data, uint32_t count, size_t *bytes)
{
    RETURN_NUMBERED(files_read(number, file, count, data, count, bytes));
}

enum status client_write(uint32_t file, const void *data, size_t bytes)
{
    RETURN_NUMBERED(files_write(number, file, data, bytes));
}

enum status client_seek(uint32_t file, uint64_t offset)
{
    RETURN_ANSWER(files_seek(file, offset));
}

enum status client_sync(uint32_t file)
{
    RETURN_ANSWER(files_sync(file));
}

enum status client_stat(const char *path, struct files_node *node)
{
    RETURN_ANSWER(files_stat(path, node));
}

enum status client_entry(const char *path, uint32_t position, uint32_t *next, char name[61])
{
    RETURN_ANSWER(files_entry(position, path, next, name));
}

enum status client_make_directory(const char *path)
{
    RETURN_NUMBERED(files_make_directory(number, path));
}

enum status client_remove_directory(const char *path)
{
    RETURN_NUMBERED(files_remove_directory(number, path));
}

enum status client_unlink(const char *path)
{
    RETURN_NUMBERED(files_unlink(number, path));
}

enum status client_rename(const char *path, const char *new_path)
{
    RETURN_NUMBERED(files_rename(number, path, new_path));
}
