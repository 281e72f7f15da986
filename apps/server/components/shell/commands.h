// The commands. Each gets its words, the first being its name, and says what it found.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "command_line.h"

void command_ls(unsigned count, char *const words[]);
void command_cat(unsigned count, char *const words[]);
void command_write(unsigned count, char *const words[]);
void command_append(unsigned count, char *const words[]);
void command_mkdir(unsigned count, char *const words[]);
void command_rm(unsigned count, char *const words[]);
void command_mv(unsigned count, char *const words[]);
void command_stat(unsigned count, char *const words[]);
void command_sync(unsigned count, char *const words[]);

// Connects; the shell is the connection's until it is over.
void command_nc(unsigned count, char *const words[]);
