// The commands. Each gets its words, the first being its name, and says what it found.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "command_line.h"

void command_ps(unsigned count, char *const words[]);
void command_top(unsigned count, char *const words[]);
void command_caps(unsigned count, char *const words[]);
void command_log(unsigned count, char *const words[]);
