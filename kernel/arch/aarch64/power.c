// Power-off, reset and further cores by PSCI (Arm DEN 0022), sleep by WFI. Boards that run in an emulator end it by semihosting, which
// carries the exit code (Arm "Semihosting for AArch32 and AArch64", SYS_EXIT).
// SPDX-License-Identifier: BSD-2-Clause
#include "aarch64.h"
#include "registers.h"

#include <arch/core.h>
#include <arch/cpu.h>
#include <arch/mmu.h>
#include <kernel/layout.h>

#define PSCI_SYSTEM_OFF 0x84000008u
#define PSCI_SYSTEM_RESET 0x84000009u
#define PSCI_CPU_ON 0xc4000003u
#define SEMIHOSTING_EXIT 0x18
#define STOPPED_APPLICATION_EXIT 0x20026

// Returns 0 on success.
static int64_t psci(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
    bool by_smc = aarch64_mode != MODE_EL1; // started at EL2: then PSCI is behind SMC, else behind HVC
    register uint64_t x0 __asm__("x0") = function;
    register uint64_t x1 __asm__("x1") = a;
    register uint64_t x2 __asm__("x2") = b;
    register uint64_t x3 __asm__("x3") = c;

    if (by_smc)
        __asm__ volatile("smc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
    else
        __asm__ volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
    return (int64_t)x0;
}

// It begins with its caches off: what it reads then is only code (head.S), the rest is in tables it walks coherently.
bool arch_core_start(struct core *core)
{
    return find_redistributor(core) &&
           psci(PSCI_CPU_ON, core->hardware_id, arch_image_physical(secondary_start), (uint64_t)core) == 0;
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
    psci(PSCI_SYSTEM_OFF, 0, 0, 0);
    stop();
}

void arch_reset(void)
{
    psci(PSCI_SYSTEM_RESET, 0, 0, 0);
    stop();
}

void arch_wait_for_interrupt(void)
{
    __asm__ volatile("dsb sy\n\twfi" : : : "memory"); // masked interrupts wake it too
}
