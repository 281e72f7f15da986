// For the test: a terminal, a network with one peer, a file system of a few names, and a supervisor.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "host.h"

#include <glue.h>

#include <stdio.h>

#define PEER      7u
#define NAMES_MAX 8u

static inline size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

// --- The terminal ----------------------------------------------------------------------------------

static char shown[1 << 16];
static size_t shown_bytes;
static struct {
    enum tty_kind kind;
    char text[257];
} typed[32];
static uint64_t typed_count, done;  // pieces; the shell is done with so many

enum status peer_tty_write(const struct call *call, const struct lend *text)
{
    (void)call;
    CHECK(shown_bytes + text->bytes < sizeof shown);
    CHECK_EQUAL(lend_read(text, 0, shown + shown_bytes, text->bytes), STATUS_OK);
    shown_bytes += text->bytes;
    shown[shown_bytes] = 0;
    return STATUS_OK;
}

enum status peer_tty_read(const struct call *call, uint64_t after, uint64_t *number, enum tty_kind *kind,
                          uint8_t *text, size_t text_room, size_t *text_bytes)
{
    (void)call;
    done = after;
    if (after == typed_count)
        return (enum status)TTY_ERROR_EMPTY;
    *number = after + 1;
    *kind = typed[after].kind;
    *text_bytes = strlen(typed[after].text);
    CHECK(*text_bytes <= text_room);
    memcpy(text, typed[after].text, *text_bytes);
    return STATUS_OK;
}

enum status peer_tty_set_modes(const struct call *call, uint64_t modes)
{
    (void)call, (void)modes;
    return STATUS_OK;
}

enum status peer_tty_get_modes(const struct call *call, uint64_t *modes)
{
    (void)call;
    *modes = TTY_MODES_CANONICAL | TTY_MODES_ECHO;
    return STATUS_OK;
}

// --- The network -----------------------------------------------------------------------------------

static enum status resolve_status, connect_status,
    peer_status;  // peer_status: of what is sent to it and comes from it
static char sent[4096], coming[4096];
static size_t sent_bytes, room, coming_bytes;
static bool peer_has_ended, is_shut;
static unsigned closed, network_restarts, ready_left;
static uint16_t asked_port;

enum status peer_sockets_resolve(const struct call *call, const char *name, enum sockets_family family,
                                 uint8_t address[16])
{
    (void)call, (void)name, (void)family;
    memset(address, 1, 16);
    return resolve_status;
}

enum status peer_sockets_connect(const struct call *call, const struct sockets_endpoint *to, uint32_t *socket)
{
    (void)call;
    CHECK_EQUAL(to->address[0], 1);
    asked_port = to->port;
    *socket = PEER;
    return connect_status;
}

enum status peer_sockets_send(const struct call *call, uint32_t socket, const struct lend *data,
                              uint32_t *taken)
{
    (void)call;
    CHECK_EQUAL(socket, PEER);
    CHECK(!is_shut);
    *taken = (uint32_t)smaller(data->bytes, room);
    if (peer_status != STATUS_OK)
        return peer_status;
    if (*taken == 0)
        return SOCKETS_ERROR_WOULD_BLOCK;
    CHECK(sent_bytes + *taken < sizeof sent);
    CHECK_EQUAL(lend_read(data, 0, sent + sent_bytes, *taken), STATUS_OK);
    sent_bytes += *taken;
    room -= *taken;
    return STATUS_OK;
}

enum status peer_sockets_receive(const struct call *call, uint32_t socket, const struct lend *data,
                                 size_t *data_bytes)
{
    (void)call;
    CHECK_EQUAL(socket, PEER);
    *data_bytes = smaller(coming_bytes, data->bytes);
    if (peer_status != STATUS_OK)
        return peer_status;
    if (*data_bytes == 0)
        return peer_has_ended ? STATUS_OK : SOCKETS_ERROR_WOULD_BLOCK;
    enum status status = lend_write(data, 0, coming, *data_bytes);

    memmove(coming, coming + *data_bytes, coming_bytes -= *data_bytes);
    return status;
}

enum status peer_sockets_shutdown(const struct call *call, uint32_t socket)
{
    (void)call;
    CHECK_EQUAL(socket, PEER);
    is_shut = true;
    return STATUS_OK;
}

enum status peer_sockets_close(const struct call *call, uint32_t socket)
{
    (void)call;
    CHECK_EQUAL(socket, PEER);
    closed++;
    return STATUS_OK;
}

enum status peer_sockets_next_ready(const struct call *call, uint32_t *socket, uint64_t *readiness)
{
    (void)call;
    *socket = PEER;
    *readiness = 0;
    if (network_restarts > 0) {
        network_restarts--;
        return SOCKETS_ERROR_RESTARTED;
    }
    return ready_left > 0 && ready_left-- > 0 ? STATUS_OK : SOCKETS_ERROR_NONE;
}

// What a shell has no business with.

enum status peer_sockets_listen(const struct call *call, uint16_t port, uint32_t *socket)
{
    (void)call, (void)port, (void)socket;
    return SOCKETS_ERROR_NO_ROOM;
}

enum status peer_sockets_accept(const struct call *call, uint32_t from, uint32_t *socket,
                                struct sockets_endpoint *peer)
{
    (void)call, (void)from, (void)socket, (void)peer;
    return SOCKETS_ERROR_BAD_SOCKET;
}

enum status peer_sockets_bind(const struct call *call, uint16_t port, uint32_t *socket, uint16_t *bound)
{
    (void)call, (void)port, (void)socket, (void)bound;
    return SOCKETS_ERROR_NO_ROOM;
}

enum status peer_sockets_send_to(const struct call *call, uint32_t socket, const struct sockets_endpoint *to,
                                 const struct lend *data)
{
    (void)call, (void)socket, (void)to, (void)data;
    return SOCKETS_ERROR_BAD_SOCKET;
}

enum status peer_sockets_receive_from(const struct call *call, uint32_t socket, struct sockets_endpoint *from,
                                      const struct lend *data, size_t *data_bytes)
{
    (void)call, (void)socket, (void)from, (void)data, (void)data_bytes;
    return SOCKETS_ERROR_BAD_SOCKET;
}

enum status peer_sockets_addresses(const struct call *call, uint8_t ipv4[16], uint8_t ipv6[16])
{
    (void)call;
    memset(ipv4, 0, 16);
    memset(ipv6, 0, 16);
    return STATUS_OK;
}

// --- Files: names in one directory, `/` ----------------------------------------------------------------

static struct entry {
    char path[256];  // empty: free
    bool is_directory;
    char text[1024];
    size_t bytes;
} entries[NAMES_MAX];
static unsigned open_count, syncs;
static struct {
    struct entry *entry;
    size_t offset;
} opened;
static enum status files_status;  // of each request

static struct entry *entry_of(const char *path)
{
    for (unsigned i = 0; i < NAMES_MAX; i++) {
        if (strcmp(entries[i].path, path) == 0)
            return &entries[i];
    }
    return NULL;
}

enum status peer_files_begin(const struct call *call)
{
    (void)call;
    return STATUS_OK;
}

enum status peer_files_open(const struct call *call, uint64_t request, uint64_t mode, const char *path,
                            uint32_t *file)
{
    struct entry *entry = entry_of(path);

    (void)call, (void)request;
    if (files_status != STATUS_OK)
        return files_status;
    if (entry == NULL && (mode & FILES_MODE_CREATE) != 0)
        snprintf((entry = entry_of(""))->path, sizeof entry->path, "%s", path);
    if (entry == NULL || entry->is_directory)
        return entry == NULL ? (enum status)FILES_ERROR_ABSENT : (enum status)FILES_ERROR_NOT_FILE;
    if ((mode & FILES_MODE_TRUNCATE) != 0)
        entry->bytes = 0;
    opened.entry = entry;
    opened.offset = (mode & FILES_MODE_APPEND) != 0 ? entry->bytes : 0;
    open_count++;
    *file = 3;
    return STATUS_OK;
}

enum status peer_files_close(const struct call *call, uint64_t request, uint32_t file)
{
    (void)call, (void)request;
    CHECK_EQUAL(file, 3);
    open_count--;
    return STATUS_OK;
}

enum status peer_files_read(const struct call *call, uint64_t request, uint32_t file, uint32_t count,
                            const struct lend *data, size_t *data_bytes)
{
    (void)call, (void)request;
    CHECK_EQUAL(file, 3);
    *data_bytes = smaller(smaller(count, 5), opened.entry->bytes - opened.offset);
    opened.offset += *data_bytes;
    return lend_write(data, 0, opened.entry->text + opened.offset - *data_bytes, *data_bytes);
}

enum status peer_files_write(const struct call *call, uint64_t request, uint32_t file,
                             const struct lend *data)
{
    (void)call, (void)request, (void)file;
    CHECK(opened.offset + data->bytes <= sizeof opened.entry->text);
    opened.entry->bytes = opened.offset + data->bytes;
    return lend_read(data, 0, opened.entry->text + opened.offset, data->bytes);
}

enum status peer_files_seek(const struct call *call, uint32_t file, uint64_t offset)
{
    (void)call, (void)file, (void)offset;
    return (enum status)FILES_ERROR_NOT_OPEN;
}

enum status peer_files_truncate(const struct call *call, uint32_t file, uint64_t size)
{
    (void)call, (void)file, (void)size;
    return (enum status)FILES_ERROR_IO;
}

enum status peer_files_sync(const struct call *call, uint32_t file)
{
    (void)call;
    CHECK_EQUAL(file, 3);
    syncs++;
    return files_status;
}

enum status peer_files_stat(const struct call *call, const char *path, struct files_node *node)
{
    const struct entry *entry = entry_of(path[0] == '/' && path[1] == '/' ? path + 1 : path);
    bool is_root = strcmp(path, "/") == 0;

    (void)call;
    if (files_status != STATUS_OK || (entry == NULL && !is_root))
        return files_status != STATUS_OK ? files_status : (enum status)FILES_ERROR_ABSENT;
    *node =
        (struct files_node){.size = is_root ? 64 : entry->bytes,
                            .links = 1,
                            .kind = is_root || entry->is_directory ? FILES_KIND_DIRECTORY : FILES_KIND_FILE};
    return STATUS_OK;
}

enum status peer_files_entry(const struct call *call, uint32_t position, const char *path, uint32_t *next,
                             char name[61])
{
    (void)call;
    CHECK(strcmp(path, "/") == 0);
    memset(name, 0, 61);
    while (position < NAMES_MAX && entries[position].path[0] == 0)
        position++;
    if (position >= NAMES_MAX)
        return (enum status)FILES_ERROR_ABSENT;
    snprintf(name, 61, "%.60s", entries[position].path + 1);
    *next = position + 1;
    return STATUS_OK;
}

enum status peer_files_make_directory(const struct call *call, uint64_t request, const char *path)
{
    struct entry *entry = entry_of("");

    (void)call, (void)request;
    if (entry_of(path) != NULL)
        return (enum status)FILES_ERROR_EXISTS;
    snprintf(entry->path, sizeof entry->path, "%s", path);
    entry->is_directory = true;
    return STATUS_OK;
}

static enum status remove_entry(const char *path, bool is_directory)
{
    struct entry *entry = entry_of(path);

    if (entry == NULL)
        return (enum status)FILES_ERROR_ABSENT;
    if (entry->is_directory != is_directory)
        return is_directory ? (enum status)FILES_ERROR_NOT_DIRECTORY : (enum status)FILES_ERROR_IS_DIRECTORY;
    memset(entry, 0, sizeof *entry);
    return STATUS_OK;
}

enum status peer_files_remove_directory(const struct call *call, uint64_t request, const char *path)
{
    (void)call, (void)request;
    return remove_entry(path, true);
}

enum status peer_files_unlink(const struct call *call, uint64_t request, const char *path)
{
    (void)call, (void)request;
    return remove_entry(path, false);
}

enum status peer_files_rename(const struct call *call, uint64_t request, const char *path,
                              const char *new_path)
{
    struct entry *entry = entry_of(path);

    (void)call, (void)request;
    if (entry == NULL)
        return (enum status)FILES_ERROR_ABSENT;
    snprintf(entry->path, sizeof entry->path, "%s", new_path);
    return STATUS_OK;
}

// --- The supervisor --------------------------------------------------------------------------------

static char killed[41];
static enum status kill_status;

enum status peer_control_kill(const struct call *call, const char *name)
{
    (void)call;
    snprintf(killed, sizeof killed, "%s", name);
    return kill_status;
}

enum status peer_control_history(const struct call *call, const char *name, enum supervisor_cause *cause,
                                 uint64_t *detail, uint64_t *failures, uint32_t *recent, bool *given_up)
{
    (void)call, (void)name, (void)cause, (void)detail, (void)failures, (void)recent, (void)given_up;
    return SUPERVISOR_ERROR_UNKNOWN;
}
