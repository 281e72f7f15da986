// Values of system registers and offsets that assembly needs. Offsets are checked in asm_check.c.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

// How the kernel runs; arch_mode_name().
#define MODE_EL1 0
#define MODE_EL2_VHE 1
#define MODE_EL1_WITH_STUB 2

#define HCR_RW (1 << 31)                              // EL1 is AArch64
#define HCR_VHE ((1 << 34) | (1 << 31) | (1 << 27))   // E2H, RW, TGE
#define SPSR_EL1H_MASKED 0x3c5
#define SCTLR_EL1_RESET 0x30d00800                    // RES1 bits of Armv8.0

// Attribute 0: device nGnRE; 1: normal, write-back.
#define MAIR_VALUE 0xff04
// T0SZ = T1SZ = 25 (39 bits), 4 KiB granules, inner shareable, write-back walks, 16-bit ASIDs from TTBR0.
#define TCR_VALUE ((25) | (25 << 16) | (1 << 8) | (1 << 10) | (3 << 12) | (1 << 24) | (1 << 26) | (3 << 28) | \
                   (2 << 30) | (1 << 36))
// M, C, SA, SA0, I, DZE, WXN, and the RES1 bits. Not set: UMA, nTWI, nTWE, UCT, UCI: those trap from user level.
#define SCTLR_VALUE (0x30d00800 | (1 << 0) | (1 << 2) | (1 << 3) | (1 << 4) | (1 << 12) | (1 << 14) | (1 << 19))

#define FRAME_SP (31 * 8)
#define FRAME_PC (32 * 8)
#define FRAME_PSTATE (33 * 8)
#define FRAME_TLS (34 * 8)
#define CORE_CURRENT 0
#define CORE_KERNEL_STACK 8
#define CORE_PANIC_STACK 16
#define CORE_TOP 24
#define CORE_THREADS 32 // then thread_count

#define ESR_SVC 0x56000000

#define THREAD_CAPS 288
#define THREAD_CAP_LIMIT 296
#define THREAD_ORDER 304 // arrived, priority, call, state: one byte each
#define THREAD_ARRIVED 304
#define THREAD_PRIORITY 305
#define THREAD_CALL 306
#define THREAD_STATE 307
#define THREAD_TOKEN 312 // then server
#define THREAD_COMPONENT 328 // then sched_context, charge
#define THREAD_SCHED_CONTEXT 336
#define THREAD_CHARGE 344
#define THREAD_TIMEOUT 352 // then lends
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

#ifdef __ASSEMBLER__
// Address of a symbol relative to here, whatever address we run at.
.macro adr_l register, symbol
    adrp    \register, \symbol
    add     \register, \register, :lo12:\symbol
.endm
#endif
