// See connection.h. There are GET of `/`, of `/stream/SEED/BYTES`, and PUT of anything to `/digest`, which
// answers its SHA-256.
// SPDX-License-Identifier: BSD-2-Clause

#include "connection.h"

#include <glue.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "http_phrase.h"
#include "stream.h"

#define CHUNK_BYTES 16384u

static unsigned char chunk[CHUNK_BYTES];  // of a stream on its way out, or of a body

static const char page[] = "<!doctype html>\n<title>Tenon</title>\n<p>This page comes from a component "
                           "without a disk, a file or a user.\n";

void connection_begin(struct connection *connection, uint32_t socket)
{
    memset(connection, 0, sizeof *connection);
    connection->socket = socket;
    connection->moved_at = clock_now();
}

void connection_end(struct connection *connection)
{
    (void)!sockets_close(connection->socket);
    connection->socket = 0;
}

// --- Answers ---------------------------------------------------------------------------------------

// Text after the head, or else a stream of so many bytes.
static void answer(struct connection *connection, unsigned code, const char *type, const char *text,
                   uint64_t stream_bytes)
{
    uint64_t bytes = text != NULL ? strlen(text) : stream_bytes;
    bool has_body = connection->request.method != METHOD_HEAD;
    int used = snprintf(connection->answer, sizeof connection->answer,
                        "HTTP/1.1 %u %s\r\nContent-Type: %s\r\nContent-Length: %" PRIu64
                        "\r\nConnection: %s\r\n\r\n%s",
                        code, http_phrase(code), type, bytes, connection->is_last ? "close" : "keep-alive",
                        text != NULL && has_body ? text : "");

    connection->answer_bytes = (size_t)used;
    connection->answer_sent = 0;
    connection->stream_bytes = has_body ? stream_bytes : 0;
    connection->stream_sent = 0;
    connection->state = ANSWERING;
}

// After it nobody knows where the next request begins.
static void turn_away(struct connection *connection, unsigned code)
{
    connection->is_last = true;
    answer(connection, code, "text/plain", http_phrase(code), 0);
}

static void answer_digest(struct connection *connection)
{
    uint8_t digest[SHA256_BYTES];
    char text[2 * SHA256_BYTES + 2];

    sha256_end(&connection->digest, digest);
    for (unsigned i = 0; i < SHA256_BYTES; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    strcat(text, "\n");
    answer(connection, 200, "text/plain", text, 0);
}

static bool is_stream(struct connection *connection, uint64_t *bytes)
{
    static const char prefix[] = "/stream/";
    const char *target = connection->request.target;
    char *end;

    if (strncmp(target, prefix, sizeof prefix - 1) != 0)
        return false;
    target += sizeof prefix - 1;
    connection->seed = strtoull(target, &end, 10);
    if (end == target || *end != '/')
        return false;
    target = end + 1;
    *bytes = strtoull(target, &end, 10);
    return end != target && *end == 0;
}

static void answer_get(struct connection *connection)
{
    uint64_t bytes;

    if (strcmp(connection->request.target, "/") == 0)
        answer(connection, 200, "text/html", page, 0);
    else if (is_stream(connection, &bytes))
        answer(connection, 200, "application/octet-stream", NULL, bytes);
    else
        answer(connection, 404, "text/plain", "Not Found\n", 0);
}

static void begin_body(struct connection *connection)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    uint32_t taken;

    connection->body_left = connection->request.body_bytes;
    sha256_begin(&connection->digest);
    connection->state = READING_BODY;
    // A client that does not get it sends its body a little later.
    if (connection->request.expects_continue && connection->input_bytes == 0)
        (void)!sockets_send(connection->socket, go_on, sizeof go_on - 1, &taken);
}

static void begin_request(struct connection *connection)
{
    const struct request *request = &connection->request;

    connection->is_last = request->is_last;
    if (request->method == METHOD_PUT && strcmp(request->target, "/digest") == 0)
        begin_body(connection);
    else if (request->method == METHOD_PUT || request->method == METHOD_OTHER || request->body_bytes != 0)
        turn_away(connection, 405);
    else
        answer_get(connection);
}

// --- Steps: each is false when nothing more can be done by now ----------------------------------------

// Bytes that came into the memory, 0 for none by now; then the connection may be at its end.
static size_t receive(struct connection *connection, void *to, size_t room)
{
    size_t bytes = 0;
    enum status status = sockets_receive(connection->socket, to, room, &bytes);

    if (status == STATUS_OK && bytes != 0)
        return bytes;
    if (status != SOCKETS_ERROR_WOULD_BLOCK)
        connection_end(connection);
    return 0;
}

static void drop_input(struct connection *connection, size_t bytes)
{
    connection->input_bytes -= bytes;
    memmove(connection->input, connection->input + bytes, connection->input_bytes);
}

static bool read_head(struct connection *connection)
{
    size_t head = request_head_bytes(connection->input, connection->input_bytes);

    if (head != 0) {
        unsigned problem = request_parse(connection->input, head, &connection->request);

        drop_input(connection, head);
        if (problem != 0)
            turn_away(connection, problem);
        else
            begin_request(connection);
        return true;
    }
    if (connection->input_bytes == sizeof connection->input) {
        turn_away(connection, 431);
        return true;
    }
    size_t bytes = receive(connection, connection->input + connection->input_bytes,
                           sizeof connection->input - connection->input_bytes);

    connection->input_bytes += bytes;
    return bytes != 0;
}

static size_t smaller(uint64_t a, size_t b)
{
    return a < b ? (size_t)a : b;
}

static bool read_body(struct connection *connection)
{
    size_t bytes = smaller(connection->body_left, connection->input_bytes);

    if (connection->body_left == 0) {
        answer_digest(connection);
        return true;
    }
    if (bytes != 0) {
        sha256_add(&connection->digest, connection->input, bytes);
        drop_input(connection, bytes);
    } else {
        bytes = receive(connection, chunk, smaller(connection->body_left, sizeof chunk));
        sha256_add(&connection->digest, chunk, bytes);
    }
    connection->body_left -= bytes;
    return bytes != 0;
}

// Bytes that were taken; 0: none by now.
static uint32_t send(struct connection *connection, const void *data, size_t bytes)
{
    uint32_t taken = 0;
    enum status status = sockets_send(connection->socket, data, bytes, &taken);

    if (status == STATUS_OK && taken <= bytes)
        return taken;
    if (status != SOCKETS_ERROR_WOULD_BLOCK)
        connection_end(connection);
    return 0;
}

static bool send_answer(struct connection *connection)
{
    uint32_t taken;

    if (connection->answer_sent < connection->answer_bytes) {
        taken = send(connection, connection->answer + connection->answer_sent,
                     connection->answer_bytes - connection->answer_sent);
        connection->answer_sent += taken;
        return taken != 0;
    }
    if (connection->stream_sent < connection->stream_bytes) {
        size_t part = smaller(connection->stream_bytes - connection->stream_sent, sizeof chunk);

        stream_fill(connection->seed, connection->stream_sent, chunk, part);
        taken = send(connection, chunk, part);
        connection->stream_sent += taken;
        return taken != 0;
    }
    connection->state = READING_HEAD;
    if (!connection->is_last)
        return true;
    connection_end(connection);
    return false;
}

static bool step(struct connection *connection)
{
    switch (connection->state) {
    case READING_HEAD: return read_head(connection);
    case READING_BODY: return read_body(connection);
    default: return send_answer(connection);
    }
}

void connection_serve(struct connection *connection)
{
    while (connection->socket != 0 && step(connection))
        connection->moved_at = clock_now();
}
