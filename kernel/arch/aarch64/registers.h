// Values of system registers.
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

#define ESR_SVC 0x56000000

#ifdef __ASSEMBLER__
// Address of a symbol relative to here, whatever address we run at.
.macro adr_l register, symbol
    adrp    \register, \symbol
    add     \register, \register, :lo12:\symbol
.endm
#endif

#ifdef __ASSEMBLER__ // what entry.S and fastpath.S say often
    .altmacro
.macro pair operation a b
    \operation  x\a, x\b, [sp, #8 * \a]
.endm
// Registers in pairs to or from the frame in sp: `pairs stp, 0, 15`.
.macro pairs operation first last
    .set    i, \first
    .rept   (\last - \first + 1) / 2
    pair    \operation, %i, %i + 1
    .set    i, i + 2
    .endr
.endm
.macro zero number
    mov     x\number, #0
.endm
.macro zeroes first last
    .set    i, \first
    .rept   \last - \first + 1
    zero    %i
    .set    i, i + 1
    .endr
.endm
.macro to_user
    eret
    dsb     nsh                     // nothing is fetched or guessed beyond eret
    isb
.endm
#endif
