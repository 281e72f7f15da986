// pm: the interface Processes. It decides who may spawn what, and asks the nursery for all that is made.
//
// It may end at any point. What was started is in the nursery with a note that names its spawner, so that the
// next life knows it again; what was only prepared is discarded, and its spawner told `absent`. An end is
// reported until it is released: that is what makes it exactly once, whoever is restarted in between.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <string.h>

#include <tenon/event_loop.h>
#include <tenon/log.h>

#include "spawn.h"

// A call of `wait` that is not answered yet; token 0: none.
struct waiter {
    token_t token;
    uint64_t process;  // 0: any child
};

static struct waiter waiters[INSTANCE_CLIENTS];

// --- What others see -------------------------------------------------------------------------

static enum processes_end end_of(const struct process *process)
{
    switch (process->seen.end) {
    case NURSERY_END_EXITED: return PROCESSES_END_EXITED;
    case NURSERY_END_FAULTED: return PROCESSES_END_FAULTED;
    case NURSERY_END_STOPPED: return PROCESSES_END_KILLED;
    default: return PROCESSES_END_NONE;
    }
}

static enum processes_state state_of(const struct process *process)
{
    switch (process->seen.state) {
    case NURSERY_STATE_RUNNING: return PROCESSES_STATE_RUNNING;
    case NURSERY_STATE_ENDED: return PROCESSES_STATE_ENDED;
    default: return PROCESSES_STATE_MADE;
    }
}

static struct processes_process seen(const struct process *process)
{
    struct processes_process out = {.process = process->seen.serial,
                                    .parent = process->note.spawner.process,
                                    .value = process->seen.value,
                                    .pc = process->seen.pc,
                                    .memory = process->seen.bytes,
                                    .state = (uint8_t)state_of(process),
                                    .end = (uint8_t)end_of(process),
                                    .reason = process->seen.reason,
                                    .priority = (uint8_t)process->note.priority};

    memcpy(out.name, process->note.name, sizeof out.name);
    return out;
}

// --- Spawning --------------------------------------------------------------------------------

static bool is_made(const struct process *process)
{
    return process != NULL && process->seen.state == NURSERY_STATE_MADE;
}

// Its child with that number, if it has been started.
static const struct process *started_by(const struct spawner *spawner, uint64_t request)
{
    for (unsigned i = 0; i < PLACES; i++) {
        const struct process *process = process_at(i);

        if (process_is_child(process, spawner) && process->note.request == request && !is_made(process))
            return process;
    }
    return NULL;
}

// A spawner prepares one process at a time.
static void discard_prepared(const struct spawner *spawner)
{
    for (unsigned i = 0; i < PLACES; i++) {
        if (process_is_child(process_at(i), spawner) && is_made(process_at(i)))
            process_discard(process_at(i));
    }
}

// A process may not give what it has not.
static bool priority_is_allowed(uint32_t client, unsigned priority)
{
    const struct process *caller =
        client >= CLIENT_MADE_PROCESSES_0 ? process_at(client - CLIENT_MADE_PROCESSES_0) : NULL;

    return priority != 0 && priority <= CONFIG_PRIORITY_MAX &&
           (caller == NULL || priority <= caller->note.priority);
}

static enum status free_place(const struct spawner *spawner, unsigned *place)
{
    if (processes_of(root_of(spawner)) >= CONFIG_PROCESSES_MAX)
        return PROCESSES_ERROR_TOO_MANY;
    for (*place = 0; *place < PLACES; (*place)++) {
        if (process_at(*place)->seen.state == NURSERY_STATE_FREE)
            return STATUS_OK;
    }
    return PROCESSES_ERROR_TOO_MANY;
}

static struct process_note note_of(const struct spawner *spawner, uint64_t request, unsigned priority,
                                   const char *path)
{
    const char *slash = strrchr(path, '/');
    struct process_note note = {
        .version = NOTE_VERSION, .priority = priority, .spawner = *spawner, .request = request};

    strncpy(note.name, slash != NULL ? slash + 1 : path, sizeof note.name - 1);
    return note;
}

static enum status prepare(const struct spawner *spawner, uint64_t request,
                           const struct processes_limits *limits, const char *path, uint64_t *number)
{
    unsigned place = 0;
    uint64_t memory = limits->memory < CONFIG_MEMORY_MAX ? limits->memory : CONFIG_MEMORY_MAX;

    discard_prepared(spawner);
    enum status status = free_place(spawner, &place);

    if (status == STATUS_OK)
        status = spawn_prepare(place, path, memory);
    if (status != STATUS_OK)
        return status;
    process_at(place)->note = note_of(spawner, request, limits->priority, path);
    *number = process_at(place)->seen.serial;
    return STATUS_OK;
}

enum status processes_prepare(const struct call *call, uint64_t request,
                              const struct processes_limits *limits, const char *path, uint64_t *process,
                              bool *started)
{
    struct spawner spawner;

    if (!spawner_of(call->client, &spawner))
        return PROCESSES_ERROR_ABSENT;
    const struct process *earlier = started_by(&spawner, request);

    *started = earlier != NULL;
    if (earlier != NULL) {
        *process = earlier->seen.serial;
        return STATUS_OK;
    }
    if (!priority_is_allowed(call->client, limits->priority))
        return PROCESSES_ERROR_PRIORITY;
    return prepare(&spawner, request, limits, path, process);
}

// The caller's own process that it prepares.
static struct process *prepared(const struct call *call, uint64_t number)
{
    struct spawner spawner;
    struct process *process = spawner_of(call->client, &spawner) ? process_below(&spawner, number) : NULL;

    return is_made(process) && process_is_child(process, &spawner) ? process : NULL;
}

static enum status give(struct process *process, const char *name, bool may_grant, slot_t capability)
{
    unsigned number = program_slot(&process->program, name);

    if (number == PROGRAM_NAMES_MAX)
        return PROCESSES_ERROR_NO_SUCH_USE;
    if (capability == SLOT_NULL ||
        nursery_give(process->seen.serial, SLOT_FIRST + number, may_grant, capability) != STATUS_OK)
        return PROCESSES_ERROR_NO_CAPABILITY;
    process->given |= 1ull << number;
    return STATUS_OK;
}

enum status processes_give(const struct call *call, uint64_t number, const char *name, bool may_grant,
                           slot_t capability)
{
    struct process *process = prepared(call, number);
    enum status status =
        process != NULL ? give(process, name, may_grant, capability) : (enum status)PROCESSES_ERROR_ABSENT;

    if (capability != SLOT_NULL)
        sys_cap_drop(capability);
    return status;
}

// The badge is that of the place, and only who runs there has it: it cannot be passed on. So who calls with
// it is that process.
enum status processes_give_processes(const struct call *call, uint64_t number, const char *name)
{
    struct process *process = prepared(call, number);
    slot_t own;

    if (process == NULL)
        return PROCESSES_ERROR_ABSENT;
    if (sys_pool_create(SLOT_POOL, CAP_ENDPOINT, 0,
                        CLIENT_MADE_PROCESSES_0 + (uint64_t)(process - process_at(0)), &own) != STATUS_OK)
        return PROCESSES_ERROR_NO_SUCH_USE;
    enum status status = give(process, name, false, own);

    sys_cap_drop(own);
    return status == STATUS_OK ? STATUS_OK : (enum status)PROCESSES_ERROR_NO_SUCH_USE;
}

enum status processes_start(const struct call *call, uint64_t number, const char *arguments)
{
    struct process *process = prepared(call, number);
    struct spawner spawner;

    // One that was started before, by this very call, has its program no more, and is started.
    if (process == NULL)
        return spawner_of(call->client, &spawner) && process_below(&spawner, number) != NULL
                   ? STATUS_OK
                   : (enum status)PROCESSES_ERROR_ABSENT;
    if (process->given != (1ull << process->program.name_count) - 1)
        return PROCESSES_ERROR_MISSING;
    return spawn_start(process, arguments);
}

// --- Waiting ---------------------------------------------------------------------------------

static bool has_ended(const struct process *process)
{
    return process->seen.state == NURSERY_STATE_ENDED;
}

// What a waiter waits for: the one that it named, or of its children the one that ended, or any. NULL: there
// is none.
static const struct process *awaited(const struct spawner *spawner, uint64_t number)
{
    const struct process *found = NULL;

    if (number != 0)
        return process_below(spawner, number);
    for (unsigned i = 0; i < PLACES; i++) {
        const struct process *process = process_at(i);

        if (process_is_child(process, spawner) && !is_made(process) &&
            (found == NULL || (!has_ended(found) && has_ended(process))))
            found = process;
    }
    return found;
}

static void answer_waiter(uint32_t client)
{
    struct waiter *waiter = &waiters[client];
    struct spawner spawner;
    const struct process *process = spawner_of(client, &spawner) ? awaited(&spawner, waiter->process) : NULL;
    struct processes_process none = {0}, found = process != NULL ? seen(process) : none;

    if (process != NULL && !has_ended(process))
        return;
    // Whoever waits no more does not need it.
    (void)!processes_wait_reply(waiter->token,
                                process != NULL ? STATUS_OK : (enum status)PROCESSES_ERROR_ABSENT, &found);
    *waiter = (struct waiter){0};
}

static void answer_waiters(void)
{
    for (uint32_t client = 0; client < INSTANCE_CLIENTS; client++) {
        if (waiters[client].token != 0)
            answer_waiter(client);
    }
}

enum status processes_wait(const struct call *call, uint64_t number, struct processes_process *ended)
{
    struct waiter *waiter = &waiters[call->client];
    struct spawner spawner;
    const struct process *process = spawner_of(call->client, &spawner) ? awaited(&spawner, number) : NULL;

    if (process == NULL)
        return PROCESSES_ERROR_ABSENT;
    if (has_ended(process)) {
        *ended = seen(process);
        return STATUS_OK;
    }
    if (waiter->token != 0)
        (void)!processes_wait_reply(waiter->token, PROCESSES_ERROR_REPLACED, &(struct processes_process){0});
    *waiter = (struct waiter){call->token, number};
    return CALL_DEFERRED;
}

// --- The rest --------------------------------------------------------------------------------

enum status processes_begin(const struct call *call)
{
    struct spawner spawner;

    waiters[call->client] = (struct waiter){0};
    if (spawner_of(call->client, &spawner))
        processes_discard_of(&spawner);
    return STATUS_OK;
}

static struct process *known(const struct call *call, uint64_t number)
{
    struct spawner spawner;

    return spawner_of(call->client, &spawner) ? process_below(&spawner, number) : NULL;
}

enum status processes_release(const struct call *call, uint64_t number)
{
    struct process *process = known(call, number);

    if (process == NULL)
        return PROCESSES_ERROR_ABSENT;
    if (!has_ended(process))
        return PROCESSES_ERROR_RUNS;
    process_discard(process);
    answer_waiters();
    return STATUS_OK;
}

static void look_again(void)
{
    processes_read(false);
    processes_sweep();
    answer_waiters();
}

enum status processes_kill(const struct call *call, uint64_t number)
{
    struct process *process = known(call, number);

    if (process == NULL)
        return PROCESSES_ERROR_ABSENT;
    if (is_made(process))
        process_discard(process);
    else
        (void)!nursery_stop(number);
    look_again();
    return STATUS_OK;
}

enum status processes_list(const struct call *call, uint64_t after, struct processes_process *found)
{
    const struct process *next = NULL;

    for (unsigned i = 0; i < PLACES; i++) {
        const struct process *process = process_at(i);
        uint64_t number = process->seen.serial;

        if (number > after && (next == NULL || number < next->seen.serial) && known(call, number) != NULL)
            next = process;
    }
    if (next == NULL)
        return PROCESSES_ERROR_ABSENT;
    *found = seen(next);
    return STATUS_OK;
}

// Of a process the nursery tells as well, with all that there is to know.
void processes_client_gone(uint32_t client)
{
    struct spawner spawner;

    waiters[client] = (struct waiter){0};
    if (client < CLIENT_MADE_PROCESSES_0 && spawner_of(client, &spawner))
        processes_discard_of(&spawner);
    answer_waiters();
}

void on_nursery_changed(void)
{
    look_again();
}

int main(void)
{
    processes_read(true);
    log_info("%u processes run, %u have ended", processes_count(NURSERY_STATE_RUNNING),
             processes_count(NURSERY_STATE_ENDED));
    processes_sweep();
    event_loop_run();
}
