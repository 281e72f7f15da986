// Power-off and reset by SBI (RISC-V SBI 1.0, chapter 10), sleep by WFI. Boards that run in an emulator end it by the test
// device, which carries the exit code.
// SPDX-License-Identifier: BSD-2-Clause
#include "riscv64.h"

#include <arch/cpu.h>
#include <arch/mmu.h>
#include <kernel/layout.h>

#define SBI_SHUTDOWN 0
#define SBI_COLD_REBOOT 1

#define TEST_FAIL 0x3333
#define TEST_PASS 0x5555

static NORETURN void stop(void)
{
    for (;;)
        __asm__ volatile("wfi");
}

static void end_emulator(uint8_t code)
{
    volatile uint32_t *test = arch_map_device(layout_board.exit_base, PAGE_SIZE);

    if (test)
        *test = code ? (uint32_t)code << 16 | TEST_FAIL : TEST_PASS;
}

void arch_power_off(uint8_t code)
{
    if (layout_board.exit_base)
        end_emulator(code);
    sbi_call(SBI_SYSTEM_RESET, 0, SBI_SHUTDOWN, code ? 1 : 0, 0);
    stop();
}

void arch_reset(void)
{
    sbi_call(SBI_SYSTEM_RESET, 0, SBI_COLD_REBOOT, 0, 0);
    stop();
}

void arch_wait_for_interrupt(void)
{
    __asm__ volatile("wfi" : : : "memory"); // interrupts that are enabled in sie wake it, also while masked
}
