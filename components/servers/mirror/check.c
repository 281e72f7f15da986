// The checksums of what lies on the disks.
// SPDX-License-Identifier: BSD-2-Clause
#include "check.h"

#include "crc32c.h"

#include <stddef.h>
#include <string.h>

uint32_t check_header(const struct header *header)
{
    return crc32c(header, offsetof(struct header, sum));
}

// The number goes in first, so that a table which was written to another place is not taken for the one that
// belongs here.
uint32_t check_table(uint64_t group, const struct table *table)
{
    uint8_t all[sizeof group + offsetof(struct table, sum)];

    memcpy(all, &group, sizeof group);
    memcpy(all + sizeof group, table, offsetof(struct table, sum));
    return crc32c(all, sizeof all);
}

bool check_table_is_good(uint64_t group, const struct table *table)
{
    static const struct table never;

    return memcmp(table, &never, sizeof never) == 0 || table->sum == check_table(group, table);
}
