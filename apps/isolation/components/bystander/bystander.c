// Bystander: memory that nobody else may touch, and its checksum.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <crc32c.h>

#define WORDS 16384u

static uint32_t filled[WORDS];

enum status memory_check(const struct call *call, uint32_t *sum)
{
    (void)call;
    *sum = crc32c(filled, sizeof filled);
    return STATUS_OK;
}

int main(void)
{
    uint32_t state = CONFIG_SEED;

    for (unsigned i = 0; i < WORDS; i++) {
        state = state * 1664525 + 1013904223;  // Numerical Recipes' generator
        filled[i] = state;
    }
    event_loop_run();
}
