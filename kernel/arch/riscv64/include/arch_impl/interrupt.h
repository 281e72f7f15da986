// PLIC: sources 1 to 1023 (RISC-V PLIC specification 1.0, chapter 1).
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define ARCH_INTERRUPTS 1024
