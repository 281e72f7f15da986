// What the world switch and C agree on.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// The registers of EL1, where world.S puts them. The kernel, without VHE, has its own of the first ones.
#define WORLD_SCTLR 0
#define WORLD_VBAR 7
#define WORLD_KERNEL_REGISTERS 14
#define WORLD_ESR 14
#define WORLD_FAR 15
#define WORLD_ELR 18
#define WORLD_SPSR 19
#define WORLD_EL1_REGISTERS 22
#define WORLD_REGISTERS 30 // with those of virtual interrupts and the timer

// Of struct vcpu.
#define VCPU_REGISTERS 528
#define VCPU_VTTBR (VCPU_REGISTERS + 8 * WORLD_REGISTERS)
#define VCPU_HCR (VCPU_VTTBR + 16)
#define VCPU_LISTS_CONTROL (VCPU_HCR + 16)
#define VCPU_CORE (VCPU_LISTS_CONTROL + 8)
#define VCPU_KERNEL (VCPU_CORE + 8)

// Why the guest stopped.
#define EXIT_SYNCHRONOUS 0
#define EXIT_INTERRUPT 1
#define EXIT_ERROR 2

// The calls of the stub at EL2 for this kernel, by the number of the HVC.
#define STUB_INIT 1
#define STUB_ENTER 2

// A kernel address, as EL2 without VHE sees it: the same tables, in the one range that EL2 has.
#define EL2_ADDRESS 0x7fffffffff
