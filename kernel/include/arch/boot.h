// What boot asks of any architecture, once.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/base.h>

// First byte for regions: the first 2 MiB boundary behind the image, physical.
extern paddr_t arch_ram_base;

// Maps this memory into the kernel's view (arch_physical). False: too much.
bool arch_map_ram(paddr_t base, uint64_t bytes);

// Maps what firmware or a loader hands on there, read only, ARCH_FIRMWARE_MAX bytes of it. Once, but on
// x86_64: there what was mapped by this before is not any more.
const void *arch_map_firmware(paddr_t handed);
#define ARCH_FIRMWARE_MAX 0x200000

// Interrupt controller and timer, after the console works.
void arch_devices_init(void);

// Panics on a core this kernel must not run on.
void arch_check_cpu(void);

// From here on user code may read the cycle counter.
void arch_allow_counters(void);

// How the kernel runs, for the banner: "EL1", "EL2 with VHE", "EL1 below a resident EL2 stub".
const char *arch_mode_name(void);
