// vfs: the interface Files over the file systems.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <string.h>

#include <tenon/event_loop.h>
#include <tenon/log.h>

#include "changes.h"
#include "lookup.h"
#include "open_files.h"

#define BYTES_PER_CALL 65536u

static uint8_t buffer[BYTES_PER_CALL];  // contents on their way

static struct request *last_of(const struct call *call)
{
    return &TABLE->clients[call->client].last;
}

// --- Requests that change names -------------------------------------------------------

// A change that is not settled comes first: it may be this client's.
static bool is_answered(const struct call *call, uint64_t request, enum status *status)
{
    if (!changes_settle()) {
        *status = FILES_ERROR_IO;
        return true;
    }
    return request_is_answered(last_of(call), request, status);
}

static enum status make_change(const struct call *call, enum change_kind kind, const struct place *place,
                               const struct place *to)
{
    struct change change = {.kind = kind,
                            .client = call->client,
                            .request = last_of(call)->number,
                            .which = place->which,
                            .from = place->name};

    if (to != NULL)
        change.to = to->name;
    return changes_make(change);
}

// A node that may go, or be replaced.
static enum status check_free(const struct place *place, struct file_system_node *node)
{
    if (place->is_top)
        return FILES_ERROR_BUSY;
    enum status status = lookup_node(place, node);

    if (status == STATUS_OK && open_files_any(place->which, node->inode))
        return FILES_ERROR_BUSY;
    return status;
}

static enum status make_directory(const struct call *call, const char *path)
{
    struct place place;
    struct file_system_node node;
    enum status status = lookup_place(path, &place);

    if (status == STATUS_OK)
        status = lookup_node(&place, &node);
    if (status == STATUS_OK)
        return FILES_ERROR_EXISTS;
    return status == (enum status)FILES_ERROR_ABSENT && place.name.name[0] != 0
               ? make_change(call, CHANGE_MAKE_DIRECTORY, &place, NULL)
               : status;
}

static enum status remove_name(const struct call *call, const char *path, enum change_kind kind)
{
    struct place place;
    struct file_system_node node;
    enum status status = lookup_place(path, &place);

    if (status == STATUS_OK)
        status = check_free(&place, &node);
    return status == STATUS_OK ? make_change(call, kind, &place, NULL) : status;
}

static enum status move_name(const struct call *call, const char *path, const char *new_path)
{
    struct place from, to;
    struct file_system_node node, replaced;
    enum status status = lookup_place(path, &from);

    if (status == STATUS_OK)
        status = lookup_place(new_path, &to);
    if (status != STATUS_OK)
        return status;
    if (from.is_top || to.is_top)
        return FILES_ERROR_BUSY;
    status = lookup_node(&from, &node);
    if (status != STATUS_OK)
        return status;
    if (from.which != to.which)
        return FILES_ERROR_OTHER_FILE_SYSTEM;
    if (from.name.directory == to.name.directory && strcmp(from.name.name, to.name.name) == 0)
        return STATUS_OK;
    status = check_free(&to, &replaced);
    return status == STATUS_OK || status == (enum status)FILES_ERROR_ABSENT
               ? make_change(call, CHANGE_RENAME, &from, &to)
               : status;
}

enum status files_make_directory(const struct call *call, uint64_t request, const char *path)
{
    enum status status;

    if (is_answered(call, request, &status))
        return status;
    return request_answer(last_of(call), last_of(call)->has_changed ? STATUS_OK : make_directory(call, path));
}

enum status files_remove_directory(const struct call *call, uint64_t request, const char *path)
{
    enum status status;

    if (is_answered(call, request, &status))
        return status;
    return request_answer(last_of(call), last_of(call)->has_changed
                                             ? STATUS_OK
                                             : remove_name(call, path, CHANGE_REMOVE_DIRECTORY));
}

enum status files_unlink(const struct call *call, uint64_t request, const char *path)
{
    enum status status;

    if (is_answered(call, request, &status))
        return status;
    return request_answer(last_of(call),
                          last_of(call)->has_changed ? STATUS_OK : remove_name(call, path, CHANGE_UNLINK));
}

enum status files_rename(const struct call *call, uint64_t request, const char *path, const char *new_path)
{
    enum status status;

    if (is_answered(call, request, &status))
        return status;
    return request_answer(last_of(call),
                          last_of(call)->has_changed ? STATUS_OK : move_name(call, path, new_path));
}

// --- Opening and closing --------------------------------------------------------------

static bool is_mode(uint64_t mode)
{
    uint64_t writing = FILES_MODE_CREATE | FILES_MODE_TRUNCATE | FILES_MODE_APPEND;

    if ((mode & writing) != 0 && (mode & FILES_MODE_WRITE) == 0)
        return false;
    if ((mode & FILES_MODE_EXCLUSIVE) != 0 && (mode & FILES_MODE_CREATE) == 0)
        return false;
    return (mode & (FILES_MODE_READ | FILES_MODE_WRITE)) != 0;
}

// The file at this path, which is made if the mode says so. One that this request has made, and that somebody
// has removed since, is not made again.
static enum status find_or_create(const struct call *call, const char *path, uint64_t mode,
                                  struct place *place, struct file_system_node *node)
{
    bool is_made = last_of(call)->has_changed != 0;
    enum status status = lookup_place(path, place);

    if (status == STATUS_OK)
        status = lookup_node(place, node);
    if (status == STATUS_OK && (mode & FILES_MODE_EXCLUSIVE) != 0 && !is_made)
        return FILES_ERROR_EXISTS;
    if (status != (enum status)FILES_ERROR_ABSENT || place->name.name[0] == 0 ||
        (mode & FILES_MODE_CREATE) == 0 || is_made)
        return status;
    status = make_change(call, CHANGE_CREATE, place, NULL);
    return status == STATUS_OK ? lookup_node(place, node) : status;
}

static enum status open_file(const struct call *call, uint64_t mode, const char *path,
                             struct open_file **opened)
{
    uint64_t request = last_of(call)->number;
    struct open_file *entry = open_files_of_request(call->client, request);
    struct file_system_node node;
    struct place place;

    *opened = entry;
    if (entry != NULL)
        return STATUS_OK;
    if (!is_mode(mode))
        return FILES_ERROR_DENIED;
    *opened = entry = open_files_reserve(call->client);
    if (entry == NULL)
        return FILES_ERROR_LIMIT;
    enum status status = find_or_create(call, path, mode, &place, &node);

    if (status == STATUS_OK && node.kind != FILE_SYSTEM_KIND_FILE)
        status = FILES_ERROR_NOT_FILE;
    if (status == STATUS_OK && (mode & FILES_MODE_TRUNCATE) != 0 && node.size != 0)
        status = files_error(file_system_truncate(place.which, node.inode, 0));
    if (status == STATUS_OK)
        open_files_open(entry,
                        (struct open_file){
                            .which = place.which, .inode = node.inode, .mode = mode, .opened_by = request});
    return status;
}

enum status files_open(const struct call *call, uint64_t request, uint64_t mode, const char *path,
                       uint32_t *file)
{
    struct request *last = last_of(call);
    struct open_file *entry;
    enum status status;

    if (is_answered(call, request, &status)) {
        *file = last->file;
        return status;
    }
    status = open_file(call, mode, path, &entry);
    *file = last->file = status == STATUS_OK ? open_files_number(call->client, entry) : 0;
    return request_answer(last, status);
}

enum status files_close(const struct call *call, uint64_t request, uint32_t file)
{
    struct open_file *entry = open_files_find(call->client, file);
    struct request *last = last_of(call);
    enum status status;

    if (request_is_answered(last, request, &status))
        return status;
    if (entry != NULL) {
        last->has_changed = 1;
        persistent_order();
        entry->is_open = 0;
    }
    return request_answer(last, last->has_changed ? STATUS_OK : (enum status)FILES_ERROR_NOT_OPEN);
}

enum status files_begin(const struct call *call)
{
    open_files_forget(call->client);
    return STATUS_OK;
}

void files_client_gone(uint32_t client)
{
    open_files_forget(client);
}

// --- Contents -------------------------------------------------------------------------

// An open file is there, and a file: whatever else is found is damage.
static enum status error_of_open_file(enum status status)
{
    return status == (enum status)FILE_SYSTEM_ERROR_ABSENT ||
                   status == (enum status)FILE_SYSTEM_ERROR_NOT_FILE
               ? (enum status)FILES_ERROR_DAMAGED
               : files_error(status);
}

static enum status find(const struct call *call, uint32_t file, uint64_t mode, struct open_file **entry)
{
    *entry = open_files_find(call->client, file);
    if (*entry == NULL)
        return FILES_ERROR_NOT_OPEN;
    return ((*entry)->mode & mode) == mode ? STATUS_OK : (enum status)FILES_ERROR_DENIED;
}

// Where a request that moves the offset starts: the same place each time that it is repeated.
static enum status begin_move(struct open_file *entry, uint64_t request, bool at_end)
{
    struct file_system_node node = {.size = entry->offset};
    enum status status = STATUS_OK;

    if (request == 0 || request < entry->request)
        return FILES_ERROR_STALE;
    if (request == entry->request)
        return STATUS_OK;
    if (at_end)
        status = error_of_open_file(file_system_stat(entry->which, entry->inode, &node));
    if (status != STATUS_OK)
        return status;
    entry->before = node.size;
    persistent_order();
    entry->request = request;
    return STATUS_OK;
}

enum status files_read(const struct call *call, uint64_t request, uint32_t file, uint32_t count,
                       const struct lend *data, size_t *data_bytes)
{
    struct open_file *entry;
    size_t got = 0;
    enum status status = find(call, file, FILES_MODE_READ, &entry);

    if (status == STATUS_OK)
        status = begin_move(entry, request, false);
    if (status != STATUS_OK)
        return status;
    if (count > data->bytes)
        count = (uint32_t)data->bytes;
    if (count > BYTES_PER_CALL)
        count = BYTES_PER_CALL;
    if (count != 0)
        status = error_of_open_file(
            file_system_read(entry->which, entry->inode, entry->before, count, buffer, &got));
    if (status == STATUS_OK && lend_write(data, 0, buffer, got) != STATUS_OK)
        status = FILES_ERROR_IO;
    if (status != STATUS_OK)
        return status;
    entry->offset = entry->before + got;
    *data_bytes = got;
    return STATUS_OK;
}

enum status files_write(const struct call *call, uint64_t request, uint32_t file, const struct lend *data)
{
    size_t bytes = data->bytes < BYTES_PER_CALL ? data->bytes : BYTES_PER_CALL;
    struct open_file *entry;
    enum status status = find(call, file, FILES_MODE_WRITE, &entry);

    if (status == STATUS_OK)
        status = begin_move(entry, request, (entry->mode & FILES_MODE_APPEND) != 0);
    if (status == STATUS_OK && lend_read(data, 0, buffer, bytes) != STATUS_OK)
        status = FILES_ERROR_IO;
    if (status == STATUS_OK && bytes != 0)
        status =
            error_of_open_file(file_system_write(entry->which, entry->inode, entry->before, buffer, bytes));
    if (status == STATUS_OK)
        entry->offset = entry->before + bytes;
    return status;
}

enum status files_seek(const struct call *call, uint32_t file, uint64_t offset)
{
    struct open_file *entry;
    enum status status = find(call, file, 0, &entry);

    if (status == STATUS_OK)
        entry->offset = offset;
    return status;
}

enum status files_truncate(const struct call *call, uint32_t file, uint64_t size)
{
    struct open_file *entry;
    enum status status = find(call, file, FILES_MODE_WRITE, &entry);

    return status == STATUS_OK ? error_of_open_file(file_system_truncate(entry->which, entry->inode, size))
                               : status;
}

enum status files_sync(const struct call *call, uint32_t file)
{
    struct open_file *entry;
    enum status status = find(call, file, 0, &entry);

    return status == STATUS_OK ? files_error(file_system_sync(entry->which)) : status;
}

// --- Looking --------------------------------------------------------------------------

_Static_assert((int)FILES_KIND_FILE == (int)FILE_SYSTEM_KIND_FILE &&
                   (int)FILES_KIND_DIRECTORY == (int)FILE_SYSTEM_KIND_DIRECTORY &&
                   (int)FILES_KIND_OTHER == (int)FILE_SYSTEM_KIND_OTHER,
               "kinds are handed on as they are");

enum status files_stat(const struct call *call, const char *path, struct files_node *node)
{
    struct file_system_node found;
    struct place place;
    enum status status = lookup_place(path, &place);

    (void)call;
    if (status == STATUS_OK)
        status = lookup_node(&place, &found);
    if (status == STATUS_OK)
        *node = (struct files_node){.size = found.size, .links = found.links, .kind = found.kind};
    return status;
}

enum status files_entry(const struct call *call, uint32_t position, const char *path, uint32_t *next,
                        char name[61])
{
    struct file_system_node found;
    struct place place;
    enum status status = lookup_place(path, &place);

    (void)call;
    if (status == STATUS_OK)
        status = lookup_node(&place, &found);
    if (status == STATUS_OK)
        status = files_error(file_system_entry(place.which, found.inode, position, next, name));
    return status;
}

int main(void)
{
    lookup_start();
    open_files_start();
    if (!changes_settle())
        log_warning("the file system does not answer yet");
    event_loop_run();
}
