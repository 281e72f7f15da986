// See target.h. A path is built name by name: what is written is a slash and bytes that are none.
// SPDX-License-Identifier: BSD-2-Clause

#include "target.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define BAD_REQUEST  400
#define FORBIDDEN    403
#define URI_TOO_LONG 414

static int hexadecimal(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

// Takes a byte of a name; -1: there is none that a name can have.
static int take_byte(const char **target)
{
    const char *at = *target;

    if (*at != '%') {
        *target = at + 1;
        return *at > ' ' && *at <= '~' && *at != '#' ? *at : -1;
    }
    if (hexadecimal(at[1]) < 0 || hexadecimal(at[2]) < 0)
        return -1;
    *target = at + 3;
    int byte = hexadecimal(at[1]) << 4 | hexadecimal(at[2]);

    return byte >= ' ' && byte != '/' && byte != 0x7f ? byte : -1;
}

static bool ends_name(char letter)
{
    return letter == 0 || letter == '/' || letter == '?';
}

// Servers must take a target with scheme and authority, too (RFC 9112, 3.2.2).
static const char *without_authority(const char *target)
{
    static const char scheme[] = "http://";

    if (strncasecmp(target, scheme, sizeof scheme - 1) != 0)
        return target;
    target += sizeof scheme - 1;
    target += strcspn(target, "/?#");
    return *target == 0 ? "/" : target;
}

struct writer {
    char *path;
    size_t bytes;
};

static bool put(struct writer *writer, char letter)
{
    if (writer->bytes == PATH_BYTES_MAX)
        return false;
    writer->path[writer->bytes++] = letter;
    return true;
}

static bool put_text(struct writer *writer, const char *text)
{
    for (; *text != 0; text++) {
        if (!put(writer, *text))
            return false;
    }
    return true;
}

// Appends a slash and the name.
static unsigned put_name(struct writer *writer, const char **target)
{
    bool is_first = true;

    if (!put(writer, '/'))
        return URI_TOO_LONG;
    for (; !ends_name(**target); is_first = false) {
        int byte = take_byte(target);

        if (byte < 0)
            return BAD_REQUEST;
        if (is_first && byte == '.')
            return FORBIDDEN;
        if (!put(writer, (char)byte))
            return URI_TOO_LONG;
    }
    return 0;
}

unsigned target_path(const char *target, const char *root, char path[PATH_BYTES_MAX + 1])
{
    struct writer writer = {path, 0};
    bool is_directory = false;

    target = without_authority(target);
    if (*target != '/')
        return BAD_REQUEST;
    if (!put_text(&writer, root))
        return URI_TOO_LONG;
    while (*target == '/') {
        target += strspn(target, "/");
        is_directory = ends_name(*target);
        unsigned problem = is_directory ? 0 : put_name(&writer, &target);

        if (problem != 0)
            return problem;
    }
    if (is_directory && !put_text(&writer, "/index.html"))
        return URI_TOO_LONG;
    path[writer.bytes] = 0;
    return 0;
}
