// Requests to Files as a careful client makes them: each with the next number, and repeated with it until it
// is answered.
//
// The death of vfs, of what is below it, or of the disk's driver is a delay. What does not come back ends the
// writer. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <glue.h>

#define PIECE_BYTES 65536u

void request_begin(void);
void request_make_directory(const char *path);
uint32_t request_open(const char *path, uint64_t mode);
void request_close(uint32_t file);
size_t request_read(uint32_t file, void *data, uint32_t count);
void request_write(uint32_t file, const void *data, size_t bytes);
void request_seek(uint32_t file, uint64_t offset);
void request_truncate(uint32_t file, uint64_t size);
void request_sync(uint32_t file);
void request_rename(const char *path, const char *new_path);
uint64_t request_size(const char *path);
