// x86_64, and QEMU's q35. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define KERNEL_TEXT   0xffffffff80000000ull
#define KERNEL_RAM    0xffff800000000000ull
#define KERNEL_WINDOW 0xffffffffc0000000ull
#define USER_END      (1ull << 39)           // page tables of components do not reach it
#define TAG           0x0000400000000000ull  // the highest bit that an address can differ by

// Physical addresses of the board. Its UART has ports; memory at their numbers is nobody's.
#define BOARD_RAM                  0xf000000ull
#define BOARD_UART                 0x3f8ull
#define BOARD_CLOCK                0xfed00000ull
#define BOARD_INTERRUPT_CONTROLLER 0xfec00000ull

#define CODE_RETURN  0x000000c3u
#define CODE_SPIN    0x0000feebu
#define UNALIGNED_PC 0  // an instruction can be anywhere

static inline void machine_jump(uint64_t address)
{
    __asm__ volatile("call *%0" : : "r"(address) : "memory");
}

#define ALIGNED_LOADS 0  // none must be, without floating point

// Any load.
static inline void machine_load_exclusive(uint64_t address)
{
    uint64_t value;

    __asm__ volatile("movq (%1), %0" : "=r"(value) : "r"(address) : "memory");
}
