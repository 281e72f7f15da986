// A table of commands, and the lines that call them.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>

#define WORDS_MAX 4

struct command {
    const char *name;
    const char *arguments;
    unsigned least, most;  // arguments
    bool takes_rest;       // the last one is what is left of the line, blanks and all
    const char *help;
    void (*run)(unsigned count, char *const words[]);  // the first word is its name
};

// Defined by the component.
extern const struct command commands[];
extern const unsigned command_count;

// Runs the command in this line, or says what is wrong with it.
void command_execute(char *line);

// The command `help`.
void command_help(unsigned count, char *const words[]);
