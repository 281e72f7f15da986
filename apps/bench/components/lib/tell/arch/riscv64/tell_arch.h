// riscv64, see tell.h: one of the hints left to whoever wants one (Unprivileged ISA, "RV32I HINT instructions").
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define TELL(number) __asm__ volatile("sltiu x0, x0, %0" : : "i"(number))
