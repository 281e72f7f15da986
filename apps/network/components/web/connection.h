// One client of the web server: its request, and what is left of the answer.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <tenon/time.h>

#include "http_request.h"
#include "sha256.h"

#define HEAD_BYTES_MAX   2048
#define ANSWER_BYTES_MAX 1024

struct connection {
    uint32_t socket;   // 0: free
    nanos_t moved_at;  // when something last came or went
    enum { READING_HEAD, READING_BODY, ANSWERING } state;
    struct request request;
    size_t input_bytes;  // received and not used: of a head, of a body, or of the next request
    char input[HEAD_BYTES_MAX];
    uint64_t body_left;
    struct sha256 digest;  // of the body
    bool is_last;          // the connection is closed after the answer
    size_t answer_bytes, answer_sent;
    char answer[ANSWER_BYTES_MAX];
    uint64_t seed, stream_bytes, stream_sent;  // follows the answer
};

void connection_begin(struct connection *connection, uint32_t socket);

// Does all that can be done by now. Afterwards it may be free.
void connection_serve(struct connection *connection);

void connection_end(struct connection *connection);
