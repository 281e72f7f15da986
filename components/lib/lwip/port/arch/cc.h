// lwIP's view of the compiler and the system.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

#include <tenon/panic.h>

#ifndef BYTE_ORDER
#define BYTE_ORDER __BYTE_ORDER__  // all our machines: little
#endif
#ifndef LITTLE_ENDIAN
#define LITTLE_ENDIAN __ORDER_LITTLE_ENDIAN__
#endif
#ifndef BIG_ENDIAN
#define BIG_ENDIAN __ORDER_BIG_ENDIAN__
#endif

#define LWIP_PLATFORM_DIAG(x)   // nothing is printed
#define LWIP_PLATFORM_ASSERT(x) panic("lwip: %s", x)

// For port numbers, sequence numbers and identifiers that an attacker must not guess: from the owner of the stack.
uint32_t lwip_port_random(void);
#define LWIP_RAND() lwip_port_random()
