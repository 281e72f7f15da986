// Power-off by ACPI's PM1a control register, reset by the chipset's reset register. QEMU ends by a port that carries the exit
// code, but for 0.
// SPDX-License-Identifier: BSD-2-Clause
#include <arch/cpu.h>
#include <arch/ports.h>
#include <kernel/layout.h>

#define PM1_SLEEP_S5 0x2000 // SLP_EN; S5 is type 0 on this chipset (ACPI 6.5, 4.8.3.2.1)
#define RESET_PORT 0xcf9
#define RESET_FULL 0x06

static NORETURN void stop(void)
{
    for (;;)
        __asm__ volatile("cli\n\thlt");
}

void arch_power_off(uint8_t code)
{
    if (code && layout_board.exit_base)
        port_out((uint16_t)layout_board.exit_base, 4, code);
    if (layout_board.power_port)
        port_out(layout_board.power_port, 2, PM1_SLEEP_S5);
    stop();
}

void arch_reset(void)
{
    port_out(RESET_PORT, 1, RESET_FULL);
    stop();
}
