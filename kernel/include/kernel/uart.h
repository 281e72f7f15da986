// What the debug console asks of a UART. One file in kernel/plat provides it, chosen by the build.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// Sends one character; waits while the transmitter is full.
void uart_put(volatile void *registers, char c);
