// Leaver: ends with everything open that it may have, and finds it closed in its next life.
//
// Nothing is kept between two lives but what is on the disk: the file `lives` has a byte for each.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>

#include <tenon/event_loop.h>
#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#define PAUSE (10 * MILLISECOND)  // before a request that was cut off is repeated
#define TRIES 500u
#define LIVES "/lives"
#define LEFT  "/left"

static uint64_t number;  // of the last request

static bool again(enum status status, unsigned *tries)
{
    bool may_pass =
        status == STATUS_PEER_DIED || status == STATUS_TIMED_OUT || status == (enum status)FILES_ERROR_IO;

    if (!may_pass || ++*tries == TRIES)
        return false;
    sleep_on(TIMER(PAUSE), PAUSE);
    return true;
}

void on_timer_pause(void)
{
    // Of a pause that is over.
}

static enum status open_file(const char *path, uint64_t mode, uint32_t *file)
{
    unsigned tries = 0;
    enum status status;

    number++;
    do
        status = files_open(number, mode, path, file);
    while (again(status, &tries));
    return status;
}

static enum status close_file(uint32_t file)
{
    unsigned tries = 0;
    enum status status;

    number++;
    do
        status = files_close(number, file);
    while (again(status, &tries));
    return status;
}

static enum status unlink_file(const char *path)
{
    unsigned tries = 0;
    enum status status;

    number++;
    do
        status = files_unlink(number, path);
    while (again(status, &tries));
    return status;
}

static enum status count_life(uint32_t file, uint64_t *lives)
{
    struct files_node node = {0};
    unsigned tries = 0;
    enum status status;

    number++;
    do
        status = files_write(number, file, "x", 1);
    while (again(status, &tries));
    if (status != STATUS_OK)
        return status;
    do
        status = files_stat(LIVES, &node);
    while (again(status, &tries));
    *lives = node.size;
    return status;
}

static void must(enum status status, const char *what)
{
    if (status != STATUS_OK)
        panic("%s: status %d", what, (int)status);
}

static uint32_t open_lives(void)
{
    uint64_t mode = FILES_MODE_WRITE | FILES_MODE_CREATE | FILES_MODE_APPEND;
    uint32_t file;
    enum status status = open_file(LIVES, mode, &file);

    // Numbers count from 1 again; stale: vfs takes this for the life before.
    if (status == (enum status)FILES_ERROR_STALE) {
        log_info("nobody told vfs of the life before");
        must(files_begin(), "begin");
        number = 0;
        status = open_file(LIVES, mode, &file);
    }
    must(status, "opening " LIVES);
    return file;
}

// One is open already.
static void open_all(uint32_t files[CONFIG_OPEN_FILES])
{
    uint32_t more;

    for (unsigned i = 1; i < CONFIG_OPEN_FILES; i++)
        must(open_file(LEFT, FILES_MODE_WRITE | FILES_MODE_CREATE, &files[i]), "opening " LEFT);
    if (open_file(LEFT, FILES_MODE_WRITE, &more) != (enum status)FILES_ERROR_LIMIT)
        panic("more files than are granted");
}

static noreturn void end(uint64_t life)
{
    if (life % 2 == 0)
        *(volatile uint32_t *)0 = 1;
    sys_exit(1);
}

int main(void)
{
    uint32_t files[CONFIG_OPEN_FILES];
    uint64_t life;
    enum status status;

    files[0] = open_lives();
    must(count_life(files[0], &life), "counting");
    status = unlink_file(LEFT);
    if (life > 1 || status != (enum status)FILES_ERROR_ABSENT)
        must(status, "removing what the life before had open");
    open_all(files);
    if (life < CONFIG_LIVES)
        end(life);
    for (unsigned i = 0; i < CONFIG_OPEN_FILES; i++)
        must(close_file(files[i]), "closing");
    must(unlink_file(LEFT), "removing " LEFT);
    log_info("%" PRIu64 " lives", life);
    event_loop_run();
}
