// Changes of names.
// SPDX-License-Identifier: BSD-2-Clause

#include "changes.h"

#include <string.h>

#include <tenon/event_loop.h>

#define TRIES 16  // sendings that are cut off

bool request_is_answered(struct request *last, uint64_t number, enum status *status)
{
    if (number == 0 || number < last->number) {
        *status = FILES_ERROR_STALE;
        return true;
    }
    if (number == last->number) {
        *status = (enum status)last->status;
        return last->is_answered != 0;
    }
    last->is_answered = 0;
    last->has_changed = 0;
    persistent_order();
    last->number = number;
    return false;
}

enum status request_answer(struct request *last, enum status status)
{
    if (status == (enum status)FILES_ERROR_IO)
        return status;
    last->status = (uint32_t)status;
    persistent_order();
    last->is_answered = 1;
    return status;
}

static bool is_sound(const struct change *change)
{
    return change->kind < CHANGE_KINDS && change->client < INSTANCE_CLIENTS &&
           change->which < (MOUNTED_IS_CONNECTED ? FILE_SYSTEMS : 1u) &&
           memchr(change->from.name, 0, sizeof change->from.name) != NULL &&
           memchr(change->to.name, 0, sizeof change->to.name) != NULL;
}

// Whether it happened, if the disk can be read. Of a rename the old name is gone, whatever the new one
// replaced.
static enum status look(const struct change *change, bool *happened)
{
    struct file_system_node node;
    enum status status = file_system_lookup(change->which, change->from.directory, change->from.name, &node);
    bool makes = change->kind == CHANGE_CREATE || change->kind == CHANGE_MAKE_DIRECTORY;

    if (status != STATUS_OK && status != (enum status)FILE_SYSTEM_ERROR_ABSENT)
        return status;
    *happened = makes == (status == STATUS_OK);
    return STATUS_OK;
}

// From here on it is the client's request that knows.
static void close_change(bool happened)
{
    struct change *change = &TABLE->change;
    struct request *last = &TABLE->clients[change->client].last;

    if (happened && last->number == change->request)
        last->has_changed = 1;
    persistent_order();
    change->kind = CHANGE_NONE;
}

bool changes_settle(void)
{
    struct change *change = &TABLE->change;
    bool happened;

    if (change->kind == CHANGE_NONE)
        return true;
    if (!is_sound(change)) {
        change->kind = CHANGE_NONE;
        return true;
    }
    if (look(change, &happened) != STATUS_OK)
        return false;
    close_change(happened);
    return true;
}

static void write_down(const struct change *from)
{
    struct change *change = &TABLE->change;
    uint32_t kind = from->kind;

    *change = *from;
    change->kind = CHANGE_NONE;
    persistent_order();
    change->kind = kind;
}

// Not known: it was cut off, or the file system failed in the middle of it.
static bool is_known(enum status status)
{
    return status != (enum status)FILE_SYSTEM_ERROR_IO && status != (enum status)FILE_SYSTEM_ERROR_DAMAGED;
}

// Until it is known whether it happened. False: it is not.
static bool send(const struct change *change, enum status *status)
{
    for (unsigned tries = 0; tries < TRIES; tries++) {
        bool happened;

        if (file_system_change(change->which, (enum change_kind)change->kind, &change->from, &change->to,
                               status))
            return is_known(*status);
        poll_bits(0);
        *status = look(change, &happened);
        if (*status != STATUS_OK)
            return false;
        if (happened)
            return true;
    }
    *status = FILE_SYSTEM_ERROR_IO;
    return false;
}

enum status changes_make(struct change change)
{
    enum status status;

    write_down(&change);
    persistent_order();
    if (send(&change, &status))
        close_change(status == STATUS_OK);
    return files_error(status);
}
