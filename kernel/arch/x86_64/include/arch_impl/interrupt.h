// I/O APIC: lines are global system interrupts (ACPI 6.5, 5.2.13).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define ARCH_INTERRUPTS 160
