// Addresses as the interface writes them and as lwIP does.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <glue.h>

#include <lwip/ip_addr.h>

void endpoint_write_address(uint8_t bytes[16], const ip_addr_t *address);

// IPv4 for ::ffff:a.b.c.d, IPv6 for any other; the zone of a local one is our only port's.
void endpoint_read_address(const uint8_t bytes[16], ip_addr_t *address);
