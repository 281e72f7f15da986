// See document.h.
// SPDX-License-Identifier: BSD-2-Clause

#include "document.h"

#include "files_client.h"

static unsigned code_of(enum status status)
{
    switch ((unsigned)status) {
    case STATUS_OK: return 200;
    case STATUS_BAD_ARGUMENT:
    case FILES_ERROR_ABSENT:
    case FILES_ERROR_NOT_DIRECTORY:
    case FILES_ERROR_BAD_PATH: return 404;
    case FILES_ERROR_NOT_FILE:
    case FILES_ERROR_DENIED: return 403;
    default: return 503;  // most likely it passes
    }
}

static unsigned code_of_no_file(const char *path)
{
    struct files_node node;

    return client_stat(path, &node) == STATUS_OK && node.kind == FILES_KIND_DIRECTORY ? 301 : 403;
}

unsigned document_open(struct document *document, const char *path)
{
    struct files_node node;
    enum status status = client_open(path, FILES_MODE_READ, &document->file);

    if (status != STATUS_OK)
        return status == (enum status)FILES_ERROR_NOT_FILE ? code_of_no_file(path) : code_of(status);
    document->session = client_session();
    document->is_open = true;
    status = client_stat(path, &node);
    document->left = node.size;
    if (status != STATUS_OK)
        document_close(document);
    return code_of(status);
}

bool document_read(struct document *document, void *to, size_t bytes)
{
    size_t got = 0;
    bool is_good = document->session == client_session() && bytes <= document->left &&
                   client_read(document->file, to, (uint32_t)bytes, &got) == STATUS_OK && got == bytes;

    if (is_good)
        document->left -= bytes;
    if (!is_good || document->left == 0)
        document_close(document);
    return is_good;
}

void document_close(struct document *document)
{
    if (document->is_open && document->session == client_session())
        (void)!client_close(document->file);
    document->is_open = false;
}
