// The table of open files.
// SPDX-License-Identifier: BSD-2-Clause

#include "open_files.h"

#include <tenon/log.h>

#define INDEX_BITS 8u
#define INDEX_MASK ((1u << INDEX_BITS) - 1)
_Static_assert(CONFIG_OPEN_FILES <= INDEX_MASK, "an index has its bits in a number");

static bool is_sound(const struct open_file *entry)
{
    return entry->is_open == 1 && entry->which < (MOUNTED_IS_CONNECTED ? FILE_SYSTEMS : 1u) &&
           entry->inode != 0;
}

void open_files_start(void)
{
    for (unsigned i = 0; i < INSTANCE_CLIENTS; i++) {
        for (unsigned j = 0; j < CONFIG_OPEN_FILES; j++) {
            struct open_file *entry = &TABLE->clients[i].files[j];

            if (entry->is_open != 0 && !is_sound(entry)) {
                log_error("an open file of client %u makes no sense", i);
                entry->is_open = 0;
            }
        }
    }
}

uint32_t open_files_number(uint32_t client, const struct open_file *entry)
{
    return entry->uses << INDEX_BITS | (uint32_t)(entry - TABLE->clients[client].files);
}

struct open_file *open_files_find(uint32_t client, uint32_t file)
{
    uint32_t index = file & INDEX_MASK;

    if (index >= CONFIG_OPEN_FILES)
        return NULL;
    struct open_file *entry = &TABLE->clients[client].files[index];

    return entry->is_open && open_files_number(client, entry) == file ? entry : NULL;
}

struct open_file *open_files_of_request(uint32_t client, uint64_t request)
{
    for (unsigned i = 0; i < CONFIG_OPEN_FILES; i++) {
        struct open_file *entry = &TABLE->clients[client].files[i];

        if (entry->is_open && entry->opened_by == request)
            return entry;
    }
    return NULL;
}

struct open_file *open_files_reserve(uint32_t client)
{
    for (unsigned i = 0; i < CONFIG_OPEN_FILES; i++) {
        if (!TABLE->clients[client].files[i].is_open)
            return &TABLE->clients[client].files[i];
    }
    return NULL;
}

void open_files_open(struct open_file *entry, struct open_file value)
{
    value.uses = entry->uses + 1;
    value.is_open = 0;
    *entry = value;
    persistent_order();
    entry->is_open = 1;
}

bool open_files_any(uint32_t which, uint32_t inode)
{
    for (unsigned i = 0; i < INSTANCE_CLIENTS; i++) {
        for (unsigned j = 0; j < CONFIG_OPEN_FILES; j++) {
            const struct open_file *entry = &TABLE->clients[i].files[j];

            if (entry->is_open && entry->which == which && entry->inode == inode)
                return true;
        }
    }
    return false;
}

void open_files_forget(uint32_t client)
{
    for (unsigned i = 0; i < CONFIG_OPEN_FILES; i++)
        TABLE->clients[client].files[i].is_open = 0;
    TABLE->clients[client].last = (struct request){0};
}
