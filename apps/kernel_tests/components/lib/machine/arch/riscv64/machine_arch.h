// riscv64, and QEMU's virt machine. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define KERNEL_TEXT   0xffffffff80000000ull
#define KERNEL_RAM    0xffffffc000000000ull
#define KERNEL_WINDOW 0xffffffffc0000000ull
#define USER_END      (1ull << 38)           // page tables of components do not reach it
#define TAG           0x5500000000000000ull  // a top byte that must not be ignored

// Physical addresses of the board.
#define BOARD_RAM                  0x80000000ull
#define BOARD_UART                 0x10000000ull
#define BOARD_CLOCK                0x101000ull
#define BOARD_INTERRUPT_CONTROLLER 0xc000000ull

#define CODE_RETURN  0x00008067u
#define CODE_SPIN    0x0000006fu
#define UNALIGNED_PC 0  // every even address is aligned, and a jump to an odd one goes to the even one below

static inline void machine_jump(uint64_t address)
{
    __asm__ volatile("jalr ra, 0(%0)" : : "r"(address) : "ra", "memory");
}

#define ALIGNED_LOADS 1  // some loads must be aligned

// Such a load.
static inline void machine_load_exclusive(uint64_t address)
{
    uint64_t value;

    __asm__ volatile("lr.d %0, (%1)" : "=r"(value) : "r"(address) : "memory");
}
