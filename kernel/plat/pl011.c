// PL011 transmitter, polled (Arm DDI 0183, 3.3). Firmware or the reset state has set the line up.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/uart.h>

#include <arch/mmu.h>

#define UARTDR 0x00
#define UARTFR 0x18
#define UARTFR_TXFF (1u << 5)

// A UART that never drains must not hang the kernel.
#define SPINS_MAX 100000

void *uart_map(uint64_t base)
{
    return arch_map_device(base, PAGE_SIZE);
}

void uart_put(volatile void *registers, char c)
{
    volatile char *base = registers;

    for (unsigned i = 0; i < SPINS_MAX && *(volatile uint32_t *)(base + UARTFR) & UARTFR_TXFF; i++)
        ;
    *(volatile uint32_t *)(base + UARTDR) = (uint8_t)c;
}
