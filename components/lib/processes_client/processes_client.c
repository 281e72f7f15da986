// See processes_client.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "processes_client.h"

#define ATTEMPTS 100  // of a spawn that pm's deaths cut off

static uint64_t request;  // of the last spawn
static bool is_begun;

// The stub has called again some times already, and pm is back.
#define AGAIN(call)                         \
    do {                                    \
        enum status status;                 \
                                            \
        do                                  \
            status = (call);                \
        while (status == STATUS_PEER_DIED); \
        return status;                      \
    } while (0)

static enum status begin(void)
{
    AGAIN(processes_begin());
}

static enum status prepare(const char *path, const struct processes_limits *limits, uint64_t *process,
                           bool *started)
{
    AGAIN(processes_prepare(request, limits, path, process, started));
}

static enum status start(uint64_t process, const char *arguments)
{
    AGAIN(processes_start(process, arguments));
}

static enum status give(uint64_t process, const struct passed *passed)
{
    if (passed->capability == SLOT_NULL)
        AGAIN(processes_give_processes(process, passed->name));
    AGAIN(processes_give(process, passed->name, passed->may_grant, passed->capability));
}

static enum status release(uint64_t process)
{
    AGAIN(processes_release(process));
}

static enum status attempt(const char *path, const char *arguments, const struct processes_limits *limits,
                           const struct passed *passed, unsigned count, uint64_t *process, bool *is_cut_off)
{
    bool started = false;
    enum status status = prepare(path, limits, process, &started);

    *is_cut_off = false;
    if (status != STATUS_OK || started)
        return status;
    for (unsigned i = 0; i < count && status == STATUS_OK; i++)
        status = give(*process, &passed[i]);
    if (status == STATUS_OK)
        status = start(*process, arguments);
    // What was prepared is gone with the pm that prepared it.
    *is_cut_off = status == (enum status)PROCESSES_ERROR_ABSENT;
    return status;
}

enum status process_spawn(const char *path, const char *arguments, struct processes_limits limits,
                          const struct passed *passed, unsigned count, uint64_t *process)
{
    enum status status = is_begun ? STATUS_OK : begin();
    bool is_cut_off = true;

    if (status != STATUS_OK)
        return status;
    is_begun = true;
    request++;
    for (unsigned i = 0; i < ATTEMPTS && is_cut_off; i++)
        status = attempt(path, arguments, &limits, passed, count, process, &is_cut_off);
    return status;
}

enum status process_wait(uint64_t process, struct processes_process *ended)
{
    enum status status;

    do
        status = processes_wait(process, ended);
    while (status == STATUS_PEER_DIED || status == STATUS_TIMED_OUT);
    if (status != STATUS_OK)
        return status;
    // Absent: our own release, whose answer was lost.
    status = release(ended->process);
    return status == (enum status)PROCESSES_ERROR_ABSENT ? STATUS_OK : status;
}

enum status process_kill(uint64_t process)
{
    AGAIN(processes_kill(process));
}

enum status process_list(uint64_t after, struct processes_process *found)
{
    AGAIN(processes_list(after, found));
}
