// Who wants to know of which published key: a table in the first page of the region, beside the last epoch.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Checks what an earlier life left. A region that never was a store's is empty.
void follows_start(void);

// Tells all who follow anything: they may have missed something while nobody could tell them.
void follows_tell_all(void);

// Tells who follows that key.
void follows_tell(const char *key);

// Remembers; false: the client follows as many as it may. A key is shorter than KEY_BYTES.
bool follow(uint32_t client, const char *key);

void unfollow(uint32_t client, const char *key);

// Of a client that is gone.
void follows_forget(uint32_t client);

// The highest epoch that may have been given, and what makes it higher: it is kept before it is used.
uint64_t epoch_floor(void);
void epoch_keep(uint64_t epoch);
