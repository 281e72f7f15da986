// See content_type.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "content_type.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *ending, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".htm", "text/html; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".gif", "image/gif"},
    {".ico", "image/x-icon"},
    {".pdf", "application/pdf"},
};

const char *content_type(const char *path)
{
    const char *name = strrchr(path, '/'), *ending = strrchr(name == NULL ? path : name, '.');

    for (size_t i = 0; ending != NULL && i < sizeof types / sizeof types[0]; i++) {
        if (strcasecmp(ending, types[i].ending) == 0)
            return types[i].type;
    }
    return "application/octet-stream";
}
