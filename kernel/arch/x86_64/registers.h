// Values of control registers, selectors and vectors.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define IMAGE_BASE 0xffffffff80000000
#define LOAD_BASE 0x2000000 // where loaders put the image; lower memory is where UEFI unpacks itself and keeps things
#define TRAMPOLINE_PAGE 0x8000 // where other cores begin

// Selectors of the tables in segments.c. `sysret` fixes the order (AMD APM 2, 6.1.1).
#define KERNEL_CS 0x08
#define KERNEL_SS 0x10
#define USER_SS 0x1b // with privilege level 3
#define USER_CS 0x23
#define TASK_STATE 0x28

#define EFER 0xc0000080
#define EFER_SCE (1 << 0)
#define EFER_LME (1 << 8)
#define EFER_NXE (1 << 11)
#define FS_BASE 0xc0000100

#define CR0_PE (1 << 0)
#define CR0_MP (1 << 1)
#define CR0_TS (1 << 3)
#define CR0_NE (1 << 5)
#define CR0_WP (1 << 16)
#define CR0_PG (1 << 31)
#define CR4_TSD (1 << 2)
#define CR4_PAE (1 << 5)
#define CR4_PGE (1 << 7)
#define CR4_OSFXSR (1 << 9)
#define CR4_OSXMMEXCPT (1 << 10)
#define CR4_UMIP (1 << 11)
#define CR4_SMEP (1 << 20)
#define CR4_SMAP (1 << 21)

// Vectors above the processor's own exceptions.
#define VECTOR_NMI 2
#define VECTOR_BREAKPOINT 3
#define VECTOR_FIRST 0x20 // of the I/O APIC's first line
#define VECTOR_TIMER 0xe0
#define VECTOR_KICK 0xe1
#define VECTOR_SPURIOUS 0xff
