// A file that is on its way out. It is open as long as bytes of it are to be read: until then nobody can put
// another in its place.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct document {
    bool is_open;
    uint32_t file, session;
    uint64_t left;  // bytes to read
};

// 200, or the status code of why not; 301: it is a directory.
unsigned document_open(struct document *document, const char *path);

// Exactly so many bytes, no more than are left. False: they are not to be had, and the document is closed.
bool document_read(struct document *document, void *to, size_t bytes);

void document_close(struct document *document);
