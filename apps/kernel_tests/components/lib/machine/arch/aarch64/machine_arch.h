// aarch64, and QEMU's virt machine. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define KERNEL_TEXT   0xffffffff80000000ull
#define KERNEL_RAM    0xffffff8000000000ull
#define KERNEL_WINDOW 0xffffffffc0000000ull
#define USER_END      (1ull << 39)           // page tables of components do not reach it
#define TAG           0x5500000000000000ull  // a top byte that must not be ignored

// Physical addresses of the board.
#define BOARD_RAM                  0x40000000ull
#define BOARD_UART                 0x9000000ull
#define BOARD_CLOCK                0x9010000ull
#define BOARD_INTERRUPT_CONTROLLER 0x8000000ull

#define CODE_RETURN  0xd65f03c0u
#define CODE_SPIN    0x14000000u
#define UNALIGNED_PC 2  // bytes from an instruction to where none can be

static inline void machine_jump(uint64_t address)
{
    __asm__ volatile("blr %0" : : "r"(address) : "x30", "memory");
}

#define ALIGNED_LOADS 1  // some loads must be aligned

// Such a load.
static inline void machine_load_exclusive(uint64_t address)
{
    uint64_t value;

    __asm__ volatile("ldxr %0, [%1]\n\tclrex" : "=r"(value) : "r"(address) : "memory");
}
