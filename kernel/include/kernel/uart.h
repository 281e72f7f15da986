// What the debug console asks of a UART. One file in kernel/plat provides it, chosen by the build.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

// The registers at the physical address or port that the board names; NULL: there are none.
void *uart_map(uint64_t base);

// Sends one character; waits while the transmitter is full.
void uart_put(volatile void *registers, char c);
