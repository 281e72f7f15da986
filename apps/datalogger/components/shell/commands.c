// The table of commands, and those that fit here.
// SPDX-License-Identifier: BSD-2-Clause

#include "commands.h"

#include <glue.h>

#include <inttypes.h>

#include "say.h"

static void command_help(unsigned count, char *const words[]);
static void command_kill(unsigned count, char *const words[]);
static void command_why(unsigned count, char *const words[]);
static void command_poweroff(unsigned count, char *const words[]);

static const struct command {
    const char *name;
    const char *arguments;
    unsigned least, most;  // arguments
    const char *help;
    void (*run)(unsigned count, char *const words[]);
} commands[] = {
    {"help", "", 0, 0, "this list", command_help},
    {"ps", "", 0, 0, "state, generation and restarts of each instance", command_ps},
    {"top", "", 0, 0, "processor time since the last `top`", command_top},
    {"caps", "NAME", 1, 1, "what an instance may do: its capabilities", command_caps},
    {"log", "[N]", 0, 1, "the last N records (10)", command_log},
    {"kill", "NAME", 1, 1, "end an instance; its supervisor starts it again", command_kill},
    {"why", "NAME", 1, 1, "why an instance ended last, and how often it failed", command_why},
    {"poweroff", "", 0, 0, "turn the machine off", command_poweroff},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static void command_help(unsigned count, char *const words[])
{
    (void)count;
    (void)words;
    for (unsigned i = 0; i < COMMANDS; i++)
        say("%-8s %-5s %s\n", commands[i].name, commands[i].arguments, commands[i].help);
}

static void command_kill(unsigned count, char *const words[])
{
    (void)count;
    switch ((unsigned)control_kill(words[1])) {
    case STATUS_OK: say("%s: killed\n", words[1]); break;
    case STATUS_BAD_ARGUMENT:
    case SUPERVISOR_ERROR_UNKNOWN: say("kill: no supervised instance `%s`; see `ps`\n", words[1]); break;
    case SUPERVISOR_ERROR_GONE: say("kill: `%s` was given up before\n", words[1]); break;
    default: say("kill: the supervisor does not answer\n"); break;
    }
}

static const char *const causes[] = {
    [SUPERVISOR_CAUSE_NOTHING] = "never ended", [SUPERVISOR_CAUSE_FAULT] = "fault",     [SUPERVISOR_CAUSE_EXIT] = "exit",
    [SUPERVISOR_CAUSE_HANG] = "hang",           [SUPERVISOR_CAUSE_REFUSED] = "refused", [SUPERVISOR_CAUSE_KILL] = "kill",
};

static void command_why(unsigned count, char *const words[])
{
    enum supervisor_cause cause;
    uint64_t detail, failures;
    uint32_t recent;
    bool given_up;

    (void)count;
    switch ((unsigned)control_history(words[1], &cause, &detail, &failures, &recent, &given_up)) {
    case STATUS_OK:
        say("%s: %s (%" PRIu64 "), failures: %" PRIu64 ", lately: %" PRIu32 "%s\n", words[1], causes[cause], detail,
            failures, recent, given_up ? ", given up" : "");
        break;
    case STATUS_BAD_ARGUMENT:
    case SUPERVISOR_ERROR_UNKNOWN: say("why: no supervised instance `%s`; see `ps`\n", words[1]); break;
    default: say("why: the supervisor does not answer\n"); break;
    }
}

// An append that is under way is through when the store answers; what it acknowledged is flushed.
static void command_poweroff(unsigned count, char *const words[])
{
    uint64_t oldest, next;

    (void)count;
    (void)words;
    if (store_bounds(&oldest, &next) == STATUS_OK)
        say("power off, %" PRIu64 " records stored\n", next);
    else
        say("power off; the log store does not answer\n");
    say_flush();
    sys_power(SLOT_POWER, POWER_OFF, 0);
    say("poweroff: not permitted\n");
}

static unsigned split(char *line, char *words[WORDS_MAX])
{
    unsigned count = 0;

    while (count < WORDS_MAX) {
        while (*line == ' ')
            *line++ = 0;
        if (*line == 0)
            break;
        words[count++] = line;
        while (*line != 0 && *line != ' ')
            line++;
    }
    return count;
}

static const struct command *find(const char *name)
{
    for (unsigned i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

void execute(char *line)
{
    char *words[WORDS_MAX] = {0};
    unsigned count = split(line, words);

    if (count == 0)
        return;
    const struct command *command = find(words[0]);

    if (command == NULL)
        say("no command `%s`; `help` lists them\n", words[0]);
    else if (count - 1 < command->least || count - 1 > command->most)
        say("usage: %s %s\n", command->name, command->arguments);
    else
        command->run(count, words);
}
