// See fixture.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "fixture.h"

#include <string.h>

char events[4096];
void (*on_call)(struct message *message);
void (*component)(void);

static const struct instance_dependency dependencies[] = {
    {"first", SLOT_DEPENDENCY, BIT_READY_TEST},
    {"second", SLOT_DEPENDENCY + 1, BIT_READY_TEST << 1},
};
static const slot_t dependants[] = {SLOT_DEPENDANT, SLOT_DEPENDANT + 1};

const struct instance instance = {
    .name = "fixture",
    .threads = 1,
    .pong = SLOT_PONG_TEST,
    .ping_bit = BIT_PING_TEST,
    .dependencies = dependencies,
    .dependency_count = 2,
    .dependants = dependants,
    .dependant_count = 2,
};

static struct message backlog[BACKLOG];
static uint64_t gone[2];
struct instance_thread instance_threads[1] = {
    {.backlog = backlog, .backlog_size = BACKLOG, .gone = gone, .clients = CLIENTS},
};

static void note(const char *what, uint64_t number)
{
    size_t used = strlen(events);

    snprintf(events + used, sizeof events - used, "%s %#llx\n", what, (unsigned long long)number);
}

void instance_dispatch_call(unsigned thread, struct message *message)
{
    CHECK(thread == 0);
    note("call", message->words[0]);
    if (on_call)
        on_call(message);
}

void instance_dispatch_bits(unsigned thread, uint64_t bits)
{
    CHECK(thread == 0);
    note("bits", bits);
}

void instance_client_gone(unsigned thread, uint32_t badge)
{
    CHECK(thread == 0);
    note("gone", badge);
}

void instance_run_thread(unsigned thread)
{
    note("thread", thread);
}

void instance_log(unsigned level, const char *line, size_t bytes)
{
    (void)level;
    sys_console_write(1, line, bytes);
}

uint32_t host_badge_of(slot_t slot)
{
    return slot;
}

int component_main(void);
int component_main(void)
{
    if (component)
        component();
    return 7;
}

// The fixture's calls come from outside, so no client stub waits for them.
struct message call_of(unsigned thread, unsigned number)
{
    return (struct message){.info = message_info(1, 1, 0, false),
                            .token = (uint64_t)number << TOKEN_THREAD_BITS | thread,
                            .words = {number}};
}
