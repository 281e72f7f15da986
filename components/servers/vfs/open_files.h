// The open files of each client. A client finds its own only.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "table.h"

// At a start: whatever makes no sense is closed.
void open_files_start(void);

// NULL: the client has no such file.
struct open_file *open_files_find(uint32_t client, uint32_t file);

// The one that this request has opened already; NULL: none.
struct open_file *open_files_of_request(uint32_t client, uint64_t request);

// A free entry; NULL: the client has as many as it may.
struct open_file *open_files_reserve(uint32_t client);

// The reserved entry is open from now on.
void open_files_open(struct open_file *entry, struct open_file value);

uint32_t open_files_number(uint32_t client, const struct open_file *entry);

// Whether any client has it open.
bool open_files_any(uint32_t which, uint32_t inode);

// The client begins a new life, or is gone: nothing is open, nothing was asked.
void open_files_forget(uint32_t client);
