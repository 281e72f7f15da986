// One client: its request, and what is left of the answer.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <tenon/time.h>

#include "document.h"
#include "http_request.h"

#define HEAD_BYTES_MAX 2048u
#define PIECE_BYTES    8192u

struct connection {
    uint32_t socket;   // 0: free
    bool is_ready;     // there may be something to do
    nanos_t moved_at;  // when something last came or went
    enum { READING, ANSWERING, LINGERING } state;
    struct request request;
    size_t input_bytes;  // received and not used: of a head, or of the next one
    char input[HEAD_BYTES_MAX];
    bool is_last;          // the connection is closed after the answer
    bool has_unread_body;  // with which the client goes on, whatever it is told
    size_t dropped_bytes;  // of that
    size_t piece_bytes, piece_sent;
    char piece[PIECE_BYTES];   // of the answer: its head and the first bytes of a file, or further ones
    struct document document;  // what follows
};

void connection_begin(struct connection *connection, uint32_t socket);

// One step: what has come, or one piece of the answer, so that clients have their turns. Afterwards the
// connection may be free.
void connection_step(struct connection *connection);

void connection_end(struct connection *connection);
