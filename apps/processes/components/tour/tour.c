// tour: spawns each program of the app in turn and says how each ended. See apps/processes/README.md.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>

#include <processes_client.h>
#include <worker_steps.h>

#include <tenon/log.h>
#include <tenon/time.h>

#define LAST_WORDS (200 * MILLISECOND)  // for the console's driver, to write down what is on its way

static const struct processes_limits limits = {.memory = 256 * 1024, .priority = 30};

static const struct passed log_only[] = {{.name = "log", .capability = SLOT_USE_LINES}};

static const char *word_for(enum status status)
{
    switch ((unsigned)status) {
    case STATUS_OK: return "ok";
    case PROCESSES_ERROR_ABSENT: return "absent";
    case PROCESSES_ERROR_NOT_PROGRAM: return "not a program";
    case PROCESSES_ERROR_MEMORY: return "too much memory";
    case PROCESSES_ERROR_PRIORITY: return "priority too high";
    case PROCESSES_ERROR_TOO_MANY: return "too many";
    case PROCESSES_ERROR_MISSING: return "something is missing";
    case PROCESSES_ERROR_NO_SUCH_USE: return "no such use";
    case PROCESSES_ERROR_NO_CAPABILITY: return "no capability";
    default: return "another error";
    }
}

static void say(const struct processes_process *ended)
{
    switch (ended->end) {
    case PROCESSES_END_EXITED:
        log_info("%.32s: exit code %" PRIu64, (const char *)ended->name, ended->value);
        break;
    case PROCESSES_END_FAULTED:
        log_info("%.32s: fault %u at 0x%" PRIx64, (const char *)ended->name, (unsigned)ended->reason,
                 ended->value);
        break;
    default: log_info("%.32s: killed", (const char *)ended->name); break;
    }
}

static bool spawn(const char *path, const char *arguments, const struct passed *passed, unsigned count,
                  uint64_t *process)
{
    enum status status = process_spawn(path, arguments, limits, passed, count, process);

    if (status != STATUS_OK)
        log_info("%s is not spawned: %s", path, word_for(status));
    return status == STATUS_OK;
}

static void run(const char *path, const char *arguments, const struct passed *passed, unsigned count)
{
    struct processes_process ended;
    uint64_t process;

    if (!spawn(path, arguments, passed, count, &process))
        return;
    enum status status = process_wait(process, &ended);

    if (status == STATUS_OK)
        say(&ended);
    else
        log_error("%s cannot be waited for: %s", path, word_for(status));
}

static unsigned count_processes(void)
{
    struct processes_process found = {0};
    unsigned count = 0;

    while (process_list(found.process, &found) == STATUS_OK)
        count++;
    return count;
}

// --- The stations ----------------------------------------------------------------------------

static void kill_endless(void)
{
    struct processes_process ended;
    uint64_t process, number = 0;

    if (!spawn("/bin/endless", "", NULL, 0, &process))
        return;
    log_info("processes while it runs: %u", count_processes());
    if (process_kill(process) == STATUS_OK && process_wait(0, &ended) == STATUS_OK) {
        number = ended.process;
        say(&ended);
    }
    log_info("it was that one: %s, and a second time: %s", number == process ? "yes" : "no",
             word_for(process_kill(process)));
}

// As many as a spawner may have, and one more.
static void fill_up(void)
{
    struct processes_process ended;
    uint64_t process;
    unsigned count = 0, killed = 0;

    while (spawn("/bin/endless", "", NULL, 0, &process))
        count++;
    for (struct processes_process found = {0}; process_list(found.process, &found) == STATUS_OK;)
        killed += process_kill(found.process) == STATUS_OK;
    for (unsigned i = 0; i < killed; i++)
        killed -= process_wait(0, &ended) != STATUS_OK;
    log_info("%u at a time, %u killed, %u are left", count, killed, count_processes());
}

static void spawn_from_below(void)
{
    const struct passed passed[] = {{.name = "log", .capability = SLOT_USE_LINES, .may_grant = true},
                                    {.name = "processes", .capability = SLOT_NULL}};

    run("/bin/parent", "", passed, 2);
    log_info("processes after it: %u", count_processes());
}

static void write_a_note(void)
{
    static const struct passed with[] = {{.name = "files", .capability = SLOT_USE_FILES}};

    run("/bin/scribe", "written by a process", with, 1);
    run("/bin/scribe", "never written", NULL, 0);
}

static void read_the_note(void)
{
    char text[64] = "";
    size_t bytes = 0;
    uint32_t file;

    if (files_begin() != STATUS_OK || files_open(1, FILES_MODE_READ, "/note", &file) != STATUS_OK ||
        files_read(2, file, sizeof text - 1, text, sizeof text - 1, &bytes) != STATUS_OK)
        log_error("there is no note");
    (void)!files_close(3, file);
    log_info("/note: %.*s", (int)bytes, text);
}

static void work(void)
{
    static const struct passed passed[] = {{.name = "clock", .capability = SLOT_CLOCK}};
    struct processes_process ended;
    uint64_t process;

    if (spawn("/bin/worker", "17 10", passed, 1, &process) && process_wait(process, &ended) == STATUS_OK)
        log_info("worker: %s", ended.value == (uint64_t)worker_end(17) ? "as computed" : "another number");
}

static void pass_wrongly(void)
{
    static const struct passed unknown[] = {{.name = "log", .capability = SLOT_USE_LINES},
                                            {.name = "logs", .capability = SLOT_USE_LINES}};
    static const struct passed not_ours[] = {{.name = "log", .capability = SLOT_USE_PROCESSES}};

    run("/bin/greet", "", unknown, 2);
    run("/bin/greet", "", not_ours, 1);
}

void on_timer_last_words(void)
{
    // Of a wait that is over.
}

int main(void)
{
    run("/bin/greet", "world", log_only, 1);
    run("/bin/faulty", "", NULL, 0);
    run("/bin/hoarder", "", log_only, 1);
    run("/bin/hungry", "", NULL, 0);
    run("/bin/nobody", "", NULL, 0);
    run("/note", "", NULL, 0);
    run("/bin/notes", "", NULL, 0);
    run("/bin/guess", "", log_only, 1);
    pass_wrongly();
    write_a_note();
    read_the_note();
    work();
    kill_endless();
    fill_up();
    spawn_from_below();
    log_info("done, %u processes", count_processes());
    sleep_on(TIMER(LAST_WORDS), LAST_WORDS);
    (void)!sys_power(SLOT_POWER, POWER_OFF, 0);
    return 1;
}
