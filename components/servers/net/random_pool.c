// Random numbers for lwIP, each used once, from the Random service.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <tenon/panic.h>

#include <lwip/arch.h>

static uint32_t numbers[8];
static unsigned left;

// Without numbers that nobody can guess there is no safe connection, so the server ends.
uint32_t lwip_port_random(void)
{
    uint32_t number;

    if (left == 0) {
        if (random_read((uint8_t *)numbers) != STATUS_OK)
            panic("no random numbers");
        left = sizeof numbers / sizeof numbers[0];
    }
    number = numbers[--left];
    numbers[left] = 0;
    return number;
}
