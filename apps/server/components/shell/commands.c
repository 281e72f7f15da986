// The table of commands.
// SPDX-License-Identifier: BSD-2-Clause

#include "commands.h"

#include <glue.h>

#include <string.h>

#include "say.h"

static void command_kill(unsigned count, char *const words[]);

const struct command commands[] = {
    {"help", "", 0, 0, false, "this list", command_help},
    {"ls", "[DIRECTORY]", 0, 1, false, "what is in a directory", command_ls},
    {"cat", "FILE", 1, 1, false, "the text of a file", command_cat},
    {"write", "FILE TEXT", 1, 2, true, "make a file of a line, or an empty one", command_write},
    {"append", "FILE TEXT", 2, 2, true, "add a line to a file", command_append},
    {"mkdir", "DIRECTORY", 1, 1, false, "make a directory", command_mkdir},
    {"rm", "PATH", 1, 1, false, "remove a file or an empty directory", command_rm},
    {"mv", "PATH NEW", 2, 2, false, "move a file or a directory", command_mv},
    {"stat", "PATH", 1, 1, false, "kind, size and links", command_stat},
    {"sync", "FILE", 1, 1, false, "what was written to the file and its disk is safe afterwards",
     command_sync},
    {"nc", "HOST PORT", 2, 2, false, "connect; control-D ends our side, control-C the connection",
     command_nc},
    {"kill", "NAME", 1, 1, false, "end an instance; its supervisor starts it again", command_kill},
};
const unsigned command_count = sizeof commands / sizeof commands[0];

static void command_kill(unsigned count, char *const words[])
{
    (void)count;
    // Its next life would be given the line that it was not done with.
    if (strcmp(words[1], INSTANCE_NAME) == 0) {
        say("kill: the line would come again to its next life, without end\n");
        return;
    }
    switch ((unsigned)control_kill(words[1])) {
    case STATUS_OK: say("%s: killed\n", words[1]); break;
    case STATUS_BAD_ARGUMENT:
    case SUPERVISOR_ERROR_UNKNOWN: say("kill: no supervised instance `%s`\n", words[1]); break;
    case SUPERVISOR_ERROR_GONE: say("kill: `%s` was given up before\n", words[1]); break;
    default: say("kill: the supervisor does not answer\n"); break;
    }
}
