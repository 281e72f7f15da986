// See processes.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "processes.h"

#include <string.h>

#include <tenon/log.h>

static struct process processes[PLACES];

struct process *process_at(unsigned place)
{
    return &processes[place];
}

// --- From the nursery ------------------------------------------------------------------------

static bool note_is_right(const struct process_note *note, size_t bytes)
{
    return bytes == sizeof *note && note->version == NOTE_VERSION &&
           note->spawner.client < INSTANCE_CLIENTS && note->priority <= UINT8_MAX &&
           strnlen(note->name, NAME_BYTES) < NAME_BYTES;
}

static void read_place(unsigned place, bool at_start)
{
    struct process *process = &processes[place];
    struct process_note note;
    uint8_t bytes[128];
    size_t count;

    if (nursery_look(place, &process->seen, bytes, sizeof bytes, &count) != STATUS_OK) {
        *process = (struct process){0};
        return;
    }
    if (process->seen.state == NURSERY_STATE_FREE || (process->seen.state == NURSERY_STATE_MADE && !at_start))
        return;
    memcpy(&note, bytes, sizeof note < count ? sizeof note : count);
    if (process->seen.state == NURSERY_STATE_MADE || !note_is_right(&note, count)) {
        process_discard(process);
        return;
    }
    process->note = note;
}

void processes_read(bool at_start)
{
    for (unsigned i = 0; i < PLACES; i++)
        read_place(i, at_start);
}

unsigned processes_count(enum nursery_state state)
{
    unsigned count = 0;

    for (unsigned i = 0; i < PLACES; i++)
        count += processes[i].seen.state == state;
    return count;
}

// --- Whose -----------------------------------------------------------------------------------

static struct process *called(uint64_t number)
{
    for (unsigned i = 0; i < PLACES; i++) {
        if (number != 0 && processes[i].seen.serial == number)
            return &processes[i];
    }
    return NULL;
}

bool process_is_child(const struct process *process, const struct spawner *spawner)
{
    return process->seen.state != NURSERY_STATE_FREE && process->note.spawner.process == spawner->process &&
           process->note.spawner.client == spawner->client;
}

// Upwards from the process: each step is another place, so there are at most as many.
struct process *process_below(const struct spawner *spawner, uint64_t number)
{
    struct process *process = called(number);
    const struct process *above = process;

    for (unsigned i = 0; i < PLACES && above != NULL; i++) {
        if (process_is_child(above, spawner))
            return process;
        above = called(above->note.spawner.process);
    }
    return NULL;
}

uint32_t root_of(const struct spawner *spawner)
{
    struct spawner at = *spawner;

    for (unsigned i = 0; i < PLACES && at.process != 0; i++) {
        const struct process *process = called(at.process);

        at = process != NULL ? process->note.spawner : (struct spawner){.client = INSTANCE_CLIENTS};
    }
    return at.client;
}

unsigned processes_of(uint32_t client)
{
    unsigned count = 0;

    for (unsigned i = 0; i < PLACES; i++)
        count +=
            processes[i].seen.state != NURSERY_STATE_FREE && root_of(&processes[i].note.spawner) == client;
    return count;
}

bool spawner_of(uint32_t client, struct spawner *spawner)
{
    *spawner = (struct spawner){.client = client};
    if (client < CLIENT_MADE_PROCESSES_0)
        return true;
    const struct process *process = &processes[client - CLIENT_MADE_PROCESSES_0];

    *spawner = (struct spawner){.process = process->seen.serial};
    return process->seen.state == NURSERY_STATE_RUNNING;
}

// --- Ends ------------------------------------------------------------------------------------

void process_discard(struct process *process)
{
    (void)!nursery_discard(process->seen.serial);
    *process = (struct process){0};
}

void processes_discard_of(const struct spawner *spawner)
{
    for (unsigned i = 0; i < PLACES; i++) {
        if (process_is_child(&processes[i], spawner))
            process_discard(&processes[i]);
    }
    processes_sweep();
}

static bool is_orphan(const struct process *process)
{
    const struct process *above = called(process->note.spawner.process);

    return process->seen.state != NURSERY_STATE_FREE && process->note.spawner.process != 0 &&
           (above == NULL || above->seen.state != NURSERY_STATE_RUNNING);
}

// Each round of the inner loop that finds something discards it, so there are at most as many rounds as
// places.
void processes_sweep(void)
{
    bool found = true;

    while (found) {
        found = false;
        for (unsigned i = 0; i < PLACES; i++) {
            if (!is_orphan(&processes[i]))
                continue;
            process_discard(&processes[i]);
            found = true;
        }
    }
}
