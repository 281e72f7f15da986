// Values of control registers, selectors, and offsets that assembly needs. Offsets are checked in asm_check.c.
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
#define VECTOR_FIRST 0x20 // of the I/O APIC's first line
#define VECTOR_TIMER 0xe0
#define VECTOR_KICK 0xe1
#define VECTOR_SPURIOUS 0xff

// struct arch_frame
#define FRAME_RAX (12 * 8) // behind the twelve message registers
#define FRAME_RCX (13 * 8)
#define FRAME_R11 (14 * 8)
#define FRAME_TLS (15 * 8)
#define FRAME_RIP (16 * 8) // from here on as `iretq` wants it
#define FRAME_CS (17 * 8)
#define FRAME_RFLAGS (18 * 8)
#define FRAME_RSP (19 * 8)
#define FRAME_SS (20 * 8)

#define CORE_CURRENT 0
#define CORE_KERNEL_STACK 8
#define CORE_PANIC_STACK 16
#define CORE_TOP 24
#define CORE_USER_SP 48 // struct arch_core: the user's stack pointer, for a moment
#define CORE_PENDING 56 // vectors taken and not yet handled, one bit each

#define THREAD_CAPS 176
#define THREAD_CAP_LIMIT 184
#define THREAD_ORDER 192 // arrived, priority, call, state: one byte each
#define THREAD_ARRIVED 192
#define THREAD_PRIORITY 193
#define THREAD_CALL 194
#define THREAD_STATE 195
#define THREAD_TOKEN 200
#define THREAD_SERVER 208
#define THREAD_COMPONENT 216
#define THREAD_SCHED_CONTEXT 224
#define THREAD_CHARGE 232
#define THREAD_TIMEOUT 240 // then lends
#define ENDPOINT_RECEIVER 8
#define CAP_BADGE 16
#define NOTIFICATION_RECEIVER 8
#define NOTIFICATION_PENDING 16
#define COMPONENT_ROOT 24
#define COMPONENT_ACCOUNT 32

// enum cap_type and enum thread_state, which only C can read.
#define CAP_TYPE_ENDPOINT 1
#define CAP_TYPE_NOTIFICATION 2
#define STATE_READY 1
#define STATE_RECEIVING 5
#define STATE_AWAITING 4
