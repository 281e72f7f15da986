// What outlives a restart of vfs: open files, requests, and the change under way. It lies in a persistent
// region.
//
// vfs may end between any two stores. So whatever is valid says so in one word of its own, which is stored
// last. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <config.h>

#include <tenon/persistent.h>

#include "file_system.h"

struct open_file {
    uint32_t is_open;
    uint32_t uses;  // how often the entry was; part of the file's number, so that an old number is not a new
                    // file's
    uint32_t which;
    uint32_t inode;
    uint64_t mode;
    uint64_t opened_by;  // request
    uint64_t request;    // the last that moved it
    uint64_t before;     // where it was then
    uint64_t offset;
};

// A client's last request, of those that are not about an offset.
struct request {
    uint64_t number;
    uint32_t is_answered;
    uint32_t has_changed;  // its change of a name happened
    uint32_t status;       // the answer
    uint32_t file;
};

// The change that a file system was asked for and whose answer is not known yet. There is one at a time.
struct change {
    uint32_t kind;  // CHANGE_NONE: none
    uint32_t client;
    uint64_t request;
    uint32_t which;
    struct name_place from, to;
};

struct client {
    struct request last;
    struct open_file files[CONFIG_OPEN_FILES];
};

struct table {
    struct change change;
    struct client clients[INSTANCE_CLIENTS];
};

_Static_assert(sizeof(struct table) <= REGION_TABLE_BYTES,
               "the region `table` is too small for so many clients and files");

#define TABLE ((struct table *)REGION_TABLE_BASE)
