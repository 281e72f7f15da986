// The processes: what the nursery says of each place, and what we noted about it there.
//
// All that outlives us is in the nursery. This table is a copy of it, taken when we start and whenever the
// nursery tells of a change; only a process that is being prepared has something of its own here, and is
// discarded by our next life. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <glue.h>

#include "program.h"

#define PLACES     PROCESSES_MADE  // one client for each place
#define NAME_BYTES 32              // of a process, with a zero at its end

// Who speaks, or has spawned: a process, or a component of the layout.
struct spawner {
    uint64_t process;  // 0: one of the layout
    uint32_t client;   // of the layout; 0 with a process
};

#define NOTE_VERSION 1

// What the nursery keeps for us about a process that was started. A new version makes an old note invalid.
struct process_note {
    uint32_t version;
    uint32_t priority;
    struct spawner spawner;
    uint64_t request;
    char name[NAME_BYTES];
};

struct process {
    struct nursery_place seen;  // seen.serial is its number; state free: nobody
    struct process_note note;
    struct program program;  // while it is prepared
    uint64_t given;          // so are these: a bit for each name
};

// In that state.
unsigned processes_count(enum nursery_state state);

// What the nursery has, anew. At our start what was being prepared is discarded.
void processes_read(bool at_start);

// Processes whose spawner has ended end as well, however deep.
void processes_sweep(void);

struct process *process_at(unsigned place);

// By its number, if it is the spawner's own or below one of them; else NULL.
struct process *process_below(const struct spawner *spawner, uint64_t number);

bool process_is_child(const struct process *process, const struct spawner *spawner);

// All that are below a component of the layout.
unsigned processes_of(uint32_t client);

// The component of the layout that a spawner is, or is below.
uint32_t root_of(const struct spawner *spawner);

// Who it is that calls. False: a client of a place where nobody runs.
bool spawner_of(uint32_t client, struct spawner *spawner);

void process_discard(struct process *process);

// All of a spawner's own, and with them what is below.
void processes_discard_of(const struct spawner *spawner);
