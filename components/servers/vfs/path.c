// Taking paths apart.
// SPDX-License-Identifier: BSD-2-Clause

#include "path.h"

#include <string.h>

// False: too many or too long.
static bool add(struct path *path, const char *name)
{
    if (strcmp(name, ".") == 0)
        return true;
    if (strcmp(name, "..") == 0) {
        path->count -= path->count > 0;
        return true;
    }
    if (path->count == PATH_NAMES || strlen(name) > NAME_BYTES)
        return false;
    path->names[path->count++] = name;
    return true;
}

bool path_parse(const char *text, struct path *path)
{
    size_t bytes = strnlen(text, PATH_BYTES + 1);

    path->count = 0;
    if (bytes > PATH_BYTES || text[0] != '/')
        return false;
    memcpy(path->text, text, bytes);
    path->text[bytes] = 0;
    for (char *at = path->text; *at != 0;) {
        if (*at == '/') {
            at++;
            continue;
        }
        char *name = at;

        while (*at != '/' && *at != 0)
            at++;
        if (*at == '/')
            *at++ = 0;
        if (!add(path, name))
            return false;
    }
    return true;
}

bool path_is_below(const struct path *path, const struct path *top)
{
    if (path->count < top->count)
        return false;
    for (unsigned i = 0; i < top->count; i++) {
        if (strcmp(path->names[i], top->names[i]) != 0)
            return false;
    }
    return true;
}
