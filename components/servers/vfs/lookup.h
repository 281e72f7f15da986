// From a path to what is there: mounts, and one lookup for each name.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "file_system.h"

struct place {
    unsigned which;          // file system
    bool is_top;             // its root, which has no name there
    struct name_place name;  // otherwise
};

// Takes the mount point from the configuration; once, before the others.
void lookup_start(void);

// Where the path's last name is or would be. An error of Files.
MUST_CHECK enum status lookup_place(const char *path, struct place *place);

// And what it leads to: FILES_ERROR_ABSENT, if to nothing.
MUST_CHECK enum status lookup_node(const struct place *place, struct file_system_node *node);
