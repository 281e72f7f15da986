// Power-off and reset by PSCI (Arm DEN 0022), sleep by WFI. Boards that run in an emulator end it by semihosting, which
// carries the exit code (Arm "Semihosting for AArch32 and AArch64", SYS_EXIT).
// SPDX-License-Identifier: BSD-2-Clause
#include "aarch64.h"

#include <arch/cpu.h>
#include <kernel/layout.h>

#define PSCI_SYSTEM_OFF 0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u
#define SEMIHOSTING_EXIT 0x18
#define STOPPED_APPLICATION_EXIT 0x20026

static void psci(uint64_t function)
{
    bool by_smc = aarch64_started_at_el2(); // a call below would lose x0
    register uint64_t x0 __asm__("x0") = function;

    if (by_smc)
        __asm__ volatile("smc #0" : "+r"(x0) : : "x1", "x2", "x3", "memory");
    else
        __asm__ volatile("hvc #0" : "+r"(x0) : : "x1", "x2", "x3", "memory");
}

static NORETURN void stop(void)
{
    for (;;)
        __asm__ volatile("wfi");
}

static void semihosting_exit(uint64_t code)
{
    uint64_t block[2] = {STOPPED_APPLICATION_EXIT, code};
    register uint64_t x0 __asm__("x0") = SEMIHOSTING_EXIT;
    register uint64_t *x1 __asm__("x1") = block;

    __asm__ volatile("hlt #0xf000" : "+r"(x0) : "r"(x1), "m"(block) : "memory");
}

void arch_power_off(uint8_t code)
{
    if (layout_board.exit_semihosting)
        semihosting_exit(code);
    psci(PSCI_SYSTEM_OFF);
    stop();
}

void arch_reset(void)
{
    psci(PSCI_SYSTEM_RESET);
    stop();
}

void arch_wait_for_interrupt(void)
{
    __asm__ volatile("dsb sy\n\twfi" : : : "memory"); // masked interrupts wake it too
}
