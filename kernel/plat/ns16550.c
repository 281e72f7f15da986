// 16550 transmitter, polled, registers one byte apart. Firmware or the reset state has set the line up.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/uart.h>

#include <arch/mmu.h>

#define THR 0
#define LSR 5
#define LSR_THR_EMPTY (1u << 5)

// A UART that never drains must not hang the kernel.
#define SPINS_MAX 100000

void *uart_map(uint64_t base)
{
    return arch_map_device(base, PAGE_SIZE);
}

void uart_put(volatile void *registers, char c)
{
    volatile uint8_t *base = registers;

    for (unsigned i = 0; i < SPINS_MAX && !(base[LSR] & LSR_THR_EMPTY); i++)
        ;
    base[THR] = (uint8_t)c;
}
