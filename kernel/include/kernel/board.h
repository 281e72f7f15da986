// What the kernel itself must know of the board; the builder takes it from the device tree.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

struct layout_board {
    const char *name;
    uint64_t console_base;      // debug UART, physical or its first port; 0: none
    uint64_t intc_base;         // GIC distributor (PLIC, IOAPIC), physical
    uint64_t intc_bytes;
    uint64_t intc_core_base;    // GIC redistributors, local APIC, physical
    uint64_t intc_core_bytes;
    uint64_t crash_log_offset;  // RAM offset of the page kept across reset (0 of free memory is fine)
    uint64_t timer_frequency;   // Hz, where no register tells it (riscv64)
    uint64_t clock_base;        // x86_64: HPET, physical
    uint64_t exit_base;         // riscv64: QEMU's test device, physical; x86_64: its port; 0: none
    uint16_t power_port;        // x86_64: ACPI's PM1a control register; 0: none
    uint8_t exit_semihosting;   // 1: power-off ends QEMU with the exit code
    uint8_t console_component;  // 1: a component claims the debug UART
};
