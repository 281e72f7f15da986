// See connection.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "connection.h"

#include <glue.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "content_type.h"
#include "http_phrase.h"
#include "target.h"

#define DROPPED_BYTES_MAX (256u << 10)  // of a body that nobody asked for

void connection_begin(struct connection *connection, uint32_t socket)
{
    memset(connection, 0, sizeof *connection);
    connection->socket = socket;
    connection->is_ready = true;
    connection->moved_at = clock_now();
}

void connection_end(struct connection *connection)
{
    document_close(&connection->document);
    (void)!sockets_close(connection->socket);
    connection->socket = 0;
}

// --- Answers ---------------------------------------------------------------------------------------

// `more` is what else belongs into the head.
static void put_head(struct connection *connection, unsigned code, const char *type, uint64_t bytes,
                     const char *more)
{
    int used = snprintf(
        connection->piece, sizeof connection->piece,
        "HTTP/1.1 %u %s\r\nContent-Type: %s\r\nContent-Length: %" PRIu64 "\r\n%sConnection: %s\r\n\r\n", code,
        http_phrase(code), type, bytes, more, connection->is_last ? "close" : "keep-alive");

    connection->piece_bytes = (size_t)used;
    connection->piece_sent = 0;
    connection->state = ANSWERING;
}

static void answer_text(struct connection *connection, unsigned code, const char *more)
{
    const char *text = http_phrase(code);
    char *end;

    put_head(connection, code, "text/plain", strlen(text) + 1, more);
    if (connection->request.method == METHOD_HEAD)
        return;
    end = connection->piece + connection->piece_bytes;
    connection->piece_bytes +=
        (size_t)snprintf(end, sizeof connection->piece - connection->piece_bytes, "%s\n", text);
}

// After it nobody knows where the next request begins.
static void turn_away(struct connection *connection, unsigned code)
{
    connection->is_last = true;
    connection->has_unread_body = true;
    answer_text(connection, code, code == 405 ? "Allow: GET, HEAD\r\n" : "");
}

// The path of the target, without what asks for something in it. Two slashes at its start would lead to
// another host.
static void send_elsewhere(struct connection *connection)
{
    const char *target = connection->request.target;

    for (; target[0] == '/' && target[1] == '/'; target++)
        continue;
    char more[sizeof connection->request.target + 32];

    snprintf(more, sizeof more, "Location: %.*s/\r\n", (int)strcspn(target, "?"), target);
    answer_text(connection, 301, more);
}

static bool fill_piece(struct connection *connection)
{
    struct document *document = &connection->document;
    size_t room = sizeof connection->piece - connection->piece_bytes;
    size_t part = document->left < room ? (size_t)document->left : room;

    if (!document_read(document, connection->piece + connection->piece_bytes, part))
        return false;
    connection->piece_bytes += part;
    return true;
}

static void answer_file(struct connection *connection, const char *path)
{
    struct document *document = &connection->document;

    put_head(connection, 200, content_type(path), document->left, "");
    if (connection->request.method == METHOD_HEAD || document->left == 0)
        document_close(document);
    else if (!fill_piece(connection))
        answer_text(connection, 503, "Retry-After: 1\r\n");
}

static void answer_get(struct connection *connection)
{
    char path[PATH_BYTES_MAX + 1];
    unsigned code = target_path(connection->request.target, CONFIG_ROOT, path);

    if (code == 0)
        code = document_open(&connection->document, path);
    switch (code) {
    case 200: answer_file(connection, path); break;
    case 301: send_elsewhere(connection); break;
    case 503: answer_text(connection, 503, "Retry-After: 1\r\n"); break;
    default: answer_text(connection, code, ""); break;
    }
}

static void answer_request(struct connection *connection)
{
    const struct request *request = &connection->request;

    connection->is_last = request->is_last;
    if (request->method != METHOD_GET && request->method != METHOD_HEAD)
        turn_away(connection, 405);
    else if (request->body_bytes != 0 || (!request->has_host && !request->is_old))  // RFC 9112, 3.2
        turn_away(connection, 400);
    else
        answer_get(connection);
}

// --- Steps -----------------------------------------------------------------------------------------

// Bytes that came into the memory; 0: none by now, or the connection is at its end.
static size_t receive(struct connection *connection, void *to, size_t room)
{
    size_t bytes = 0;
    enum status status = sockets_receive(connection->socket, to, room, &bytes);

    if (status == STATUS_OK && bytes != 0)
        return bytes;
    connection->is_ready = false;
    if (status != SOCKETS_ERROR_WOULD_BLOCK)
        connection_end(connection);
    return 0;
}

static void drop_input(struct connection *connection, size_t bytes)
{
    connection->input_bytes -= bytes;
    memmove(connection->input, connection->input + bytes, connection->input_bytes);
}

static void read_request(struct connection *connection)
{
    size_t head = request_head_bytes(connection->input, connection->input_bytes);

    if (head != 0) {
        unsigned problem = request_parse(connection->input, head, &connection->request);

        drop_input(connection, head);
        if (problem != 0)
            turn_away(connection, problem);
        else
            answer_request(connection);
        return;
    }
    if (connection->input_bytes == sizeof connection->input) {
        turn_away(connection, 431);
        return;
    }
    connection->input_bytes += receive(connection, connection->input + connection->input_bytes,
                                       sizeof connection->input - connection->input_bytes);
}

// A connection that is closed with something unread is reset, and the client might never see what it was
// told: until it has ended its side, what comes is dropped (RFC 9112, 9.6).
static void end_answer(struct connection *connection)
{
    if (!connection->is_last) {
        connection->state = READING;
    } else if (connection->has_unread_body && sockets_shutdown(connection->socket) == STATUS_OK) {
        connection->state = LINGERING;
    } else {
        connection_end(connection);
    }
}

static void linger(struct connection *connection)
{
    connection->dropped_bytes += receive(connection, connection->piece, sizeof connection->piece);
    if (connection->socket != 0 && connection->dropped_bytes > DROPPED_BYTES_MAX)
        connection_end(connection);
}

static void send_piece(struct connection *connection)
{
    size_t left = connection->piece_bytes - connection->piece_sent;
    uint32_t taken = 0;
    enum status status =
        sockets_send(connection->socket, connection->piece + connection->piece_sent, left, &taken);

    if (status == SOCKETS_ERROR_WOULD_BLOCK)
        connection->is_ready = false;
    else if (status != STATUS_OK || taken > left)
        connection_end(connection);
    else
        connection->piece_sent += taken;
}

// What is left of a file that is not to be had any more cannot be told otherwise than by an end that comes
// too early.
static void answer_on(struct connection *connection)
{
    if (connection->piece_sent < connection->piece_bytes) {
        send_piece(connection);
        return;
    }
    connection->piece_bytes = connection->piece_sent = 0;
    if (!connection->document.is_open)
        end_answer(connection);
    else if (!fill_piece(connection))
        connection_end(connection);
}

void connection_step(struct connection *connection)
{
    switch (connection->state) {
    case READING: read_request(connection); break;
    case ANSWERING: answer_on(connection); break;
    case LINGERING: linger(connection); break;
    }
    if (connection->is_ready)
        connection->moved_at = clock_now();
}
