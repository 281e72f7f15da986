// 16550 transmitter, polled, in I/O space. Firmware or the reset state has set the line up.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/uart.h>

#include <arch/ports.h>

#define THR 0
#define LSR 5
#define LSR_THR_EMPTY (1u << 5)

// A UART that never drains must not hang the kernel.
#define SPINS_MAX 100000

void *uart_map(uint64_t base)
{
    return (void *)base; // a port: nothing to map
}

void uart_put(volatile void *registers, char c)
{
    uint16_t base = (uint16_t)(uint64_t)registers;
    uint32_t status = 0;

    for (unsigned i = 0; i < SPINS_MAX && !(status & LSR_THR_EMPTY); i++)
        status = port_in(base + LSR, 1);
    port_out(base + THR, 1, (uint8_t)c);
}
