// See command_line.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "command_line.h"

#include <string.h>

#include "say.h"

void command_help(unsigned count, char *const words[])
{
    size_t longest = 0;

    (void)count;
    (void)words;
    for (unsigned i = 0; i < command_count; i++) {
        size_t length = strlen(commands[i].arguments);

        longest = length > longest ? length : longest;
    }
    for (unsigned i = 0; i < command_count; i++)
        say("%-8s %-*s %s\n", commands[i].name, (int)longest + 1, commands[i].arguments, commands[i].help);
}

// Cuts the next word off; NULL: there is none.
static char *cut_word(char **line)
{
    char *word = *line + strspn(*line, " ");
    char *end = word + strcspn(word, " ");

    if (*word == 0)
        return NULL;
    *line = *end == 0 ? end : end + 1;
    *end = 0;
    return word;
}

static const struct command *find(const char *name)
{
    for (unsigned i = 0; i < command_count; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

// Its arguments behind its name; how many words that are. One too many is counted.
static unsigned split(const struct command *command, char *line, char *words[WORDS_MAX])
{
    unsigned count = 1;

    while (count < WORDS_MAX && count <= command->most + 1) {
        bool is_rest = command->takes_rest && count == command->most;
        char *word = is_rest ? line + strspn(line, " ") : cut_word(&line);

        if (word == NULL || *word == 0)
            break;
        words[count++] = word;
        if (is_rest)
            break;
    }
    return count;
}

void command_execute(char *line)
{
    char *words[WORDS_MAX] = {cut_word(&line)};

    if (words[0] == NULL)
        return;
    const struct command *command = find(words[0]);

    if (command == NULL) {
        say("no command `%s`; `help` lists them\n", words[0]);
        return;
    }
    unsigned count = split(command, line, words);

    if (count - 1 < command->least || count - 1 > command->most)
        say("usage: %s %s\n", command->name, command->arguments);
    else
        command->run(count, words);
}
