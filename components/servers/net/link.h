// The Ethernet port below lwIP.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <glue.h>

struct netif;

// Brings the port up: IPv6 configures itself, and DHCP begins. False: the port does not answer (logged).
MUST_CHECK bool link_start(void);

// Gives what the port has received to lwIP, up to a number of frames. False: there may be more.
bool link_receive(void);

struct netif *link_netif(void);

// Our address of each family that reaches furthest; zeroes: none.
void link_addresses(uint8_t ipv4[16], uint8_t ipv6[16]);
