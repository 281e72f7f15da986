// The head of an HTTP request (RFC 9112).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum method { METHOD_GET, METHOD_HEAD, METHOD_PUT, METHOD_OTHER };

struct request {
    enum method method;
    char target[512];  // ended by a zero
    bool is_old;       // HTTP/1.0
    bool has_host;
    uint64_t body_bytes;
    bool has_length;
    bool expects_continue;  // the client sends its body when it has been told to (RFC 9110, 10.1.1)
    bool closes, keeps;     // what the client asked for
    bool is_last;           // so the connection is closed afterwards
};

// Bytes of the head at the start of the text, with its empty line; 0: it is not whole.
size_t request_head_bytes(const char *text, size_t bytes);

// The status code of what is wrong with a whole head, 0 if nothing is. Then `request` is set.
unsigned request_parse(const char *text, size_t bytes, struct request *request);
