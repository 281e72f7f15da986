// A client of Files that outlives the deaths of vfs, of the file system and of the disk's driver: each
// request has the next number and is repeated with it until it is answered, for two seconds. What comes back
// is then its answer, or the last failure.
//
// After a failure nobody knows what a request did, and the next one begins a new session: what was open is
// closed then. While requests fail each is tried once only, so that a disk that is gone for good costs
// little. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <glue.h>

// Counts sessions: a file number is only worth something in the session in which it was opened.
uint32_t client_session(void);

MUST_CHECK enum status client_open(const char *path, uint64_t mode, uint32_t *file);
MUST_CHECK enum status client_close(uint32_t file);
MUST_CHECK enum status client_read(uint32_t file, void *data, uint32_t count, size_t *bytes);
MUST_CHECK enum status client_write(uint32_t file, const void *data, size_t bytes);
MUST_CHECK enum status client_seek(uint32_t file, uint64_t offset);
MUST_CHECK enum status client_sync(uint32_t file);
MUST_CHECK enum status client_stat(const char *path, struct files_node *node);
MUST_CHECK enum status client_entry(const char *path, uint32_t position, uint32_t *next, char name[61]);
MUST_CHECK enum status client_make_directory(const char *path);
MUST_CHECK enum status client_remove_directory(const char *path);
MUST_CHECK enum status client_unlink(const char *path);
MUST_CHECK enum status client_rename(const char *path, const char *new_path);
