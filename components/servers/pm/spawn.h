// From a path to a process that can be started: reads the program, checks it, and has the nursery make it.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "processes.h"

// Fills a free place. An error of Processes leaves it free.
MUST_CHECK enum status spawn_prepare(unsigned place, const char *path, uint64_t memory_limit);

// Starts what was prepared.
MUST_CHECK enum status spawn_start(struct process *process, const char *arguments);
