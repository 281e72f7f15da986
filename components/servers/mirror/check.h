// The checksums of what lies on the disks.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "format.h"

#include <stdbool.h>

uint32_t check_header(const struct header *header);
uint32_t check_table(uint64_t group, const struct table *table);

// Whether a table is what somebody wrote there, or was never written.
bool check_table_is_good(uint64_t group, const struct table *table);
