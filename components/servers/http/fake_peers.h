// For the tests: a network with clients whose words come in pieces, and a few files that fail on request.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "host.h"

#include <glue.h>

#include <stdlib.h>

#define LISTENER      1u
#define FIRST_SOCKET  10u
#define CLIENTS_MAX   4096u
#define OPEN_MAX      8u
#define UNUSED_METHOD (enum status) FILES_ERROR_IO

static inline size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

// --- The network -----------------------------------------------------------------------------------

static struct client {
    const char *input;  // what is left of it
    size_t input_bytes;
    bool has_ended;  // behind the input
    size_t room;     // for what it is sent
    bool is_closed, is_shut;
} clients[CLIENTS_MAX];
static unsigned client_count, waiting;
static size_t piece = SIZE_MAX;  // the most that comes or goes at once
static char output[1 << 18];     // of all clients, in turn
static size_t output_bytes;
static uint32_t told[CLIENTS_MAX];  // told in this order
static unsigned told_first, told_end;
static bool network_is_new;

static struct client *client_of(uint32_t socket)
{
    CHECK(socket >= FIRST_SOCKET && socket < FIRST_SOCKET + client_count);
    return &clients[socket - FIRST_SOCKET];
}

enum status peer_sockets_listen(const struct call *call, uint16_t port, uint32_t *socket)
{
    (void)call;
    CHECK_EQUAL(port, CONFIG_PORT);
    *socket = LISTENER;
    return STATUS_OK;
}

enum status peer_sockets_accept(const struct call *call, uint32_t from, uint32_t *socket,
                                struct sockets_endpoint *peer)
{
    (void)call;
    CHECK_EQUAL(from, LISTENER);
    if (waiting == 0)
        return SOCKETS_ERROR_WOULD_BLOCK;
    *peer = (struct sockets_endpoint){.port = 4000};
    *socket = FIRST_SOCKET + client_count - waiting--;
    return STATUS_OK;
}

enum status peer_sockets_receive(const struct call *call, uint32_t socket, const struct lend *data,
                                 size_t *data_bytes)
{
    struct client *client = client_of(socket);

    (void)call;
    CHECK(!client->is_closed);
    *data_bytes = smaller(smaller(client->input_bytes, data->bytes), piece);
    if (*data_bytes == 0)
        return client->has_ended ? STATUS_OK : SOCKETS_ERROR_WOULD_BLOCK;
    client->input += *data_bytes;
    client->input_bytes -= *data_bytes;
    return lend_write(data, 0, client->input - *data_bytes, *data_bytes);
}

enum status peer_sockets_send(const struct call *call, uint32_t socket, const struct lend *data,
                              uint32_t *taken)
{
    struct client *client = client_of(socket);

    (void)call;
    CHECK(!client->is_closed && !client->is_shut);
    *taken = (uint32_t)smaller(smaller(data->bytes, client->room), piece);
    if (*taken == 0)
        return SOCKETS_ERROR_WOULD_BLOCK;
    CHECK(output_bytes + *taken < sizeof output);
    CHECK_EQUAL(lend_read(data, 0, output + output_bytes, *taken), STATUS_OK);
    output_bytes += *taken;
    client->room -= *taken;
    return STATUS_OK;
}

enum status peer_sockets_shutdown(const struct call *call, uint32_t socket)
{
    (void)call;
    client_of(socket)->is_shut = true;
    return STATUS_OK;
}

enum status peer_sockets_close(const struct call *call, uint32_t socket)
{
    (void)call;
    CHECK(!client_of(socket)->is_closed);
    client_of(socket)->is_closed = true;
    return STATUS_OK;
}

enum status peer_sockets_next_ready(const struct call *call, uint32_t *socket, uint64_t *readiness)
{
    (void)call;
    *socket = 0;
    *readiness = SOCKETS_READINESS_READABLE;
    if (network_is_new) {
        network_is_new = false;
        return SOCKETS_ERROR_RESTARTED;
    }
    if (told_first == told_end)
        return SOCKETS_ERROR_NONE;
    *socket = told[told_first++];
    return STATUS_OK;
}

// What a server has no business with.

enum status peer_sockets_connect(const struct call *call, const struct sockets_endpoint *to, uint32_t *socket)
{
    (void)call, (void)to, (void)socket;
    return SOCKETS_ERROR_UNREACHABLE;
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

enum status peer_sockets_resolve(const struct call *call, const char *name, enum sockets_family family,
                                 uint8_t address[16])
{
    (void)call, (void)name, (void)family, (void)address;
    return SOCKETS_ERROR_UNKNOWN;
}

enum status peer_sockets_addresses(const struct call *call, uint8_t ipv4[16], uint8_t ipv6[16])
{
    (void)call;
    memset(ipv4, 0, 16);
    memset(ipv6, 0, 16);
    return STATUS_OK;
}

void on_peer_log_lines(void)
{
}

// --- Files -----------------------------------------------------------------------------------------

static char large[60000];
static struct file {
    const char *path, *text;
    size_t bytes;
    enum files_kind kind;
} files[] = {
    {"/www/index.html", "<p>index", 8, FILES_KIND_FILE},
    {"/www/empty.txt", "", 0, FILES_KIND_FILE},
    {"/www/large", large, sizeof large, FILES_KIND_FILE},
    {"/www/folder", "", 0, FILES_KIND_DIRECTORY},
    {"/www/device", "", 0, FILES_KIND_OTHER},
    {"/secret", "secret", 6, FILES_KIND_FILE},
};
static struct {
    const struct file *file;  // NULL: closed
    size_t offset;
} open_files[OPEN_MAX];
static unsigned open_count, begins;
static unsigned files_fail;  // so many requests end so
static enum status files_failure;
static uint64_t last_request;  // numbers count up, or are repeated
static uint32_t last_file;

// Counts the request.
static enum status request_is(uint64_t request)
{
    CHECK(request == last_request || request == last_request + 1);
    last_request = request;
    if (files_fail == 0)
        return STATUS_OK;
    files_fail--;
    return files_failure;
}

static const struct file *file_of(const char *path)
{
    for (unsigned i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (strcmp(files[i].path, path) == 0)
            return &files[i];
    }
    return NULL;
}

enum status peer_files_begin(const struct call *call)
{
    (void)call;
    memset(open_files, 0, sizeof open_files);
    open_count = 0;
    last_request = 0;
    begins++;
    return STATUS_OK;
}

enum status peer_files_open(const struct call *call, uint64_t request, uint64_t mode, const char *path,
                            uint32_t *file)
{
    enum status status = request_is(request);
    const struct file *found = file_of(path);

    (void)call;
    CHECK_EQUAL(mode, FILES_MODE_READ);
    if (status != STATUS_OK)
        return status;
    if (found == NULL || found->kind != FILES_KIND_FILE)
        return found == NULL ? (enum status)FILES_ERROR_ABSENT : (enum status)FILES_ERROR_NOT_FILE;
    for (last_file = 0; last_file < OPEN_MAX && open_files[last_file].file != NULL;)
        last_file++;
    if (last_file == OPEN_MAX)
        return (enum status)FILES_ERROR_LIMIT;
    open_files[last_file].file = found;
    open_files[last_file].offset = 0;
    open_count++;
    *file = last_file;
    return STATUS_OK;
}

enum status peer_files_close(const struct call *call, uint64_t request, uint32_t file)
{
    enum status status = request_is(request);

    (void)call;
    if (status != STATUS_OK)
        return status;
    CHECK(file < OPEN_MAX && open_files[file].file != NULL);
    open_files[file].file = NULL;
    open_count--;
    return STATUS_OK;
}

enum status peer_files_read(const struct call *call, uint64_t request, uint32_t file, uint32_t count,
                            const struct lend *data, size_t *data_bytes)
{
    enum status status = request_is(request);

    (void)call;
    if (status != STATUS_OK)
        return status;
    if (file >= OPEN_MAX || open_files[file].file == NULL)
        return (enum status)FILES_ERROR_NOT_OPEN;
    *data_bytes =
        smaller(smaller(count, data->bytes), open_files[file].file->bytes - open_files[file].offset);
    open_files[file].offset += *data_bytes;
    return lend_write(data, 0, open_files[file].file->text + open_files[file].offset - *data_bytes,
                      *data_bytes);
}

enum status peer_files_stat(const struct call *call, const char *path, struct files_node *node)
{
    const struct file *found = file_of(path);

    (void)call;
    memset(node, 0, sizeof *node);
    if (found == NULL)
        return (enum status)FILES_ERROR_ABSENT;
    node->size = found->bytes;
    node->kind = found->kind;
    return STATUS_OK;
}

// What only changes something.

enum status peer_files_write(const struct call *call, uint64_t request, uint32_t file,
                             const struct lend *data)
{
    (void)call, (void)request, (void)file, (void)data;
    return UNUSED_METHOD;
}

enum status peer_files_seek(const struct call *call, uint32_t file, uint64_t offset)
{
    (void)call, (void)file, (void)offset;
    return (enum status)FILES_ERROR_NOT_OPEN;
}

enum status peer_files_truncate(const struct call *call, uint32_t file, uint64_t size)
{
    (void)call, (void)file, (void)size;
    return UNUSED_METHOD;
}

enum status peer_files_sync(const struct call *call, uint32_t file)
{
    (void)call, (void)file;
    return UNUSED_METHOD;
}

enum status peer_files_entry(const struct call *call, uint32_t position, const char *path, uint32_t *next,
                             char name[61])
{
    (void)call, (void)position, (void)path, (void)next, (void)name;
    return UNUSED_METHOD;
}

enum status peer_files_make_directory(const struct call *call, uint64_t request, const char *path)
{
    (void)call, (void)request, (void)path;
    return UNUSED_METHOD;
}

enum status peer_files_remove_directory(const struct call *call, uint64_t request, const char *path)
{
    (void)call, (void)request, (void)path;
    return UNUSED_METHOD;
}

enum status peer_files_unlink(const struct call *call, uint64_t request, const char *path)
{
    (void)call, (void)request, (void)path;
    return UNUSED_METHOD;
}

enum status peer_files_rename(const struct call *call, uint64_t request, const char *path,
                              const char *new_path)
{
    (void)call, (void)request, (void)path, (void)new_path;
    return UNUSED_METHOD;
}
