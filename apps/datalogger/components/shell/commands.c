// The table of commands, and those that fit here.
// SPDX-License-Identifier: BSD-2-Clause

#include "commands.h"

#include <glue.h>

#include <inttypes.h>

#include "say.h"

static void command_kill(unsigned count, char *const words[]);
static void command_why(unsigned count, char *const words[]);
static void command_poweroff(unsigned count, char *const words[]);

const struct command commands[] = {
    {"help", "", 0, 0, false, "this list", command_help},
    {"ps", "", 0, 0, false, "state, generation and restarts of each instance", command_ps},
    {"top", "", 0, 0, false, "processor time since the last `top`", command_top},
    {"caps", "NAME", 1, 1, false, "what an instance may do: its capabilities", command_caps},
    {"log", "[N]", 0, 1, false, "the last N records (10)", command_log},
    {"kill", "NAME", 1, 1, false, "end an instance; its supervisor starts it again", command_kill},
    {"why", "NAME", 1, 1, false, "why an instance ended last, and how often it failed", command_why},
    {"poweroff", "", 0, 0, false, "turn the machine off", command_poweroff},
};
const unsigned command_count = sizeof commands / sizeof commands[0];

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
