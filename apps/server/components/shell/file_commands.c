// The commands about files.
// SPDX-License-Identifier: BSD-2-Clause

#include "commands.h"

#include <glue.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "file_errors.h"
#include "files_client.h"
#include "say.h"
#include "say_text.h"

#define PATH_BYTES_MAX 255u
#define LINE_BYTES_MAX 256u  // of the terminal

static const char *const kind_names[] = {
    [FILES_KIND_FILE] = "file", [FILES_KIND_DIRECTORY] = "directory", [FILES_KIND_OTHER] = "other"};

static void say_error(const char *path, enum status status)
{
    if (status != STATUS_OK)
        say("%s: %s\n", path, file_error(status));
}

// --- Looking ---------------------------------------------------------------------------------------

static void say_entry(const char *directory, const char *name)
{
    char path[PATH_BYTES_MAX + 1];
    struct files_node node = {0};
    int bytes = snprintf(path, sizeof path, "%s/%s", directory, name);
    bool is_known = bytes < (int)sizeof path && client_stat(path, &node) == STATUS_OK;

    if (is_known && node.kind == FILES_KIND_FILE)
        say("%10" PRIu64 "  ", node.size);
    else
        say("%10s  ", "");
    say_text(name, strlen(name));
    say("%s\n", is_known && node.kind == FILES_KIND_DIRECTORY ? "/" : "");
}

void command_ls(unsigned count, char *const words[])
{
    const char *path = count > 1 ? words[1] : "/";
    char name[61];
    struct files_node node;
    uint32_t position = 0;
    enum status status = client_stat(path, &node);

    if (status == STATUS_OK && node.kind != FILES_KIND_DIRECTORY) {
        say("%s: is no directory\n", path);
        return;
    }
    while (status == STATUS_OK && (status = client_entry(path, position, &position, name)) == STATUS_OK) {
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
            say_entry(path, name);
    }
    if (status != (enum status)FILES_ERROR_ABSENT || client_stat(path, &node) != STATUS_OK)
        say_error(path, status);
}

void command_stat(unsigned count, char *const words[])
{
    struct files_node node;
    enum status status = client_stat(words[1], &node);

    (void)count;
    say_error(words[1], status);
    if (status == STATUS_OK)
        say("%s, %" PRIu64 " bytes, %" PRIu32 " links\n",
            node.kind <= FILES_KIND_OTHER ? kind_names[node.kind] : "?", node.size, node.links);
}

void command_cat(unsigned count, char *const words[])
{
    static char piece[4096];
    uint32_t file;
    size_t bytes = 0;
    enum status status = client_open(words[1], FILES_MODE_READ, &file);

    (void)count;
    if (status == STATUS_OK) {
        while ((status = client_read(file, piece, sizeof piece, &bytes)) == STATUS_OK && bytes > 0)
            say_text(piece, bytes);
        (void)!client_close(file);
    }
    say_error(words[1], status);
}

// --- Changing --------------------------------------------------------------------------------------

static void put_line(const char *path, uint64_t mode, const char *text)
{
    char line[LINE_BYTES_MAX + 2];
    uint32_t file;
    enum status status = client_open(path, FILES_MODE_WRITE | FILES_MODE_CREATE | mode, &file);

    if (status == STATUS_OK) {
        int bytes = text == NULL ? 0 : snprintf(line, sizeof line, "%s\n", text);

        if (bytes > 0)
            status = client_write(file, line, (size_t)bytes);
        enum status closed = client_close(file);

        status = status == STATUS_OK ? closed : status;
    }
    say_error(path, status);
}

void command_write(unsigned count, char *const words[])
{
    put_line(words[1], FILES_MODE_TRUNCATE, count > 2 ? words[2] : NULL);
}

void command_append(unsigned count, char *const words[])
{
    (void)count;
    put_line(words[1], FILES_MODE_APPEND, words[2]);
}

void command_mkdir(unsigned count, char *const words[])
{
    (void)count;
    say_error(words[1], client_make_directory(words[1]));
}

void command_rm(unsigned count, char *const words[])
{
    enum status status = client_unlink(words[1]);

    (void)count;
    if (status == (enum status)FILES_ERROR_IS_DIRECTORY)
        status = client_remove_directory(words[1]);
    say_error(words[1], status);
}

void command_mv(unsigned count, char *const words[])
{
    (void)count;
    say_error(words[1], client_rename(words[1], words[2]));
}

void command_sync(unsigned count, char *const words[])
{
    uint32_t file;
    enum status status = client_open(words[1], FILES_MODE_READ, &file);

    (void)count;
    if (status == STATUS_OK) {
        status = client_sync(file);
        (void)!client_close(file);
    }
    say_error(words[1], status);
    if (status == STATUS_OK)
        say("%s: safe\n", words[1]);
}
