// The UART of the fake machine keeps what was sent, as text.
// SPDX-License-Identifier: BSD-2-Clause
#include "host.h"

#include <arch/mmu.h>
#include <kernel/uart.h>

void *uart_map(uint64_t base)
{
    return arch_map_device(base, PAGE_SIZE);
}

void uart_put(volatile void *registers, char c)
{
    (void)registers;
    if (c == '\r')
        return;
    // The last half stays when it is full.
    if (host.console_length + 1 >= HOST_CONSOLE_BYTES) {
        __builtin_memmove(host.console, host.console + HOST_CONSOLE_BYTES / 2, HOST_CONSOLE_BYTES / 2);
        host.console_length -= HOST_CONSOLE_BYTES / 2;
    }
    host.console[host.console_length++] = c;
    host.console[host.console_length] = 0;
}
