// Names to nodes.
// SPDX-License-Identifier: BSD-2-Clause

#include "lookup.h"

#include <string.h>

#include <tenon/panic.h>

#include "path.h"

_Static_assert(sizeof(((struct name_place *)0)->name) == NAME_BYTES + 1, "a name and its end");

static struct path mount_point;
static struct path path;  // being looked up

void lookup_start(void)
{
    if (MOUNTED_IS_CONNECTED && (!path_parse(CONFIG_MOUNT_POINT, &mount_point) || mount_point.count == 0))
        panic("`%s` is no mount point", CONFIG_MOUNT_POINT);
}

// The root of the file system that has the path; *first is the first name below it.
static enum status find_file_system(struct place *place, unsigned *first)
{
    bool is_mounted = MOUNTED_IS_CONNECTED && path_is_below(&path, &mount_point);

    place->which = is_mounted ? FILE_SYSTEM_MOUNTED : FILE_SYSTEM_ROOT;
    *first = is_mounted ? mount_point.count : 0;
    return file_system_root(place->which, &place->name.directory);
}

enum status lookup_place(const char *text, struct place *place)
{
    unsigned at;

    if (!path_parse(text, &path))
        return FILES_ERROR_BAD_PATH;
    enum status status = find_file_system(place, &at);

    place->is_top = at == path.count;
    place->name.name[0] = 0;
    if (status != STATUS_OK || place->is_top)
        return files_error(status);
    for (; at + 1 < path.count; at++) {
        struct file_system_node node;

        status = file_system_lookup(place->which, place->name.directory, path.names[at], &node);
        if (status != STATUS_OK)
            return files_error(status);
        if (node.kind != FILE_SYSTEM_KIND_DIRECTORY)
            return FILES_ERROR_NOT_DIRECTORY;
        place->name.directory = node.inode;
    }
    strcpy(place->name.name, path.names[at]);
    return STATUS_OK;
}

enum status lookup_node(const struct place *place, struct file_system_node *node)
{
    if (place->is_top)
        return files_error(file_system_stat(place->which, place->name.directory, node));
    return files_error(file_system_lookup(place->which, place->name.directory, place->name.name, node));
}
