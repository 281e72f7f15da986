// parent: spawns a process and waits for it, and another one, for which it does not.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <processes_client.h>

#include <tenon/log.h>

static const struct processes_limits limits = {.memory = 65536, .priority = 30};
static const struct processes_limits low = {
    .memory = 65536, .priority = 10};  // below who greets, which it would keep from running
static const struct processes_limits too_high = {.memory = 65536, .priority = 40};

// The end of a child that greets, as our own exit code.
static int greet(void)
{
    const struct passed passed[] = {{.name = "log", .capability = SLOT_USE_LOG}};
    struct processes_process ended;
    uint64_t child;

    if (process_spawn("/bin/greet", "from below", too_high, passed, 1, &child) !=
        (enum status)PROCESSES_ERROR_PRIORITY)
        return 1;
    if (process_spawn("/bin/greet", "from below", limits, passed, 1, &child) != STATUS_OK)
        return 2;
    if (process_wait(child, &ended) != STATUS_OK || ended.process != child)
        return 3;
    return process_wait(child, &ended) == (enum status)PROCESSES_ERROR_ABSENT && ended.value == 7 ? 0 : 4;
}

int main(void)
{
    uint64_t left;

    if (process_spawn("/bin/endless", "", low, NULL, 0, &left) != STATUS_OK)
        return 5;
    return greet();
}
