// First instructions. The image has the header of the arm64 boot protocol (Linux, Documentation/arch/arm64/booting),
// so every loader that starts Linux starts us: MMU off, x0 = device tree, EL1 or EL2, image at a 2 MiB boundary.
//
//   EL2, core with VHE     stay at EL2 with HCR_EL2.E2H and TGE: EL1 register names act on EL2
//   EL2, core without      leave the resident stub (el2_stub.S) at EL2, go down to EL1
//   EL1                    stay
//
// Then tables are built, the MMU is switched on, and C takes over at its linked address. The other cores come from PSCI
// to secondary_start, in the same state, and find the tables built.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"

#include <numbers.h>

    .section .head, "ax"
    .global _head
_head:
    b       start                   // code0
    .word   0                       // code1
    .quad   0                       // text_offset
    .quad   __image_bytes           // image_size, from the linker script
    .quad   0xa                     // flags: little endian, 4 KiB pages, anywhere in memory
    .quad   0, 0, 0
    .ascii  "ARM\x64"
    .word   0

    .global secondary_start
secondary_start:
    mov     x22, x0                 // struct core, at its linked address
    b       find_level

start:
    mov     x19, x0                 // device tree
    mrs     x21, cntpct_el0         // the clock starts here
    mov     x22, #0                 // the first core
find_level:
    msr     daifset, #0xf
    mov     x20, #MODE_EL1
    mrs     x0, currentel
    cmp     x0, #(2 << 2)
    b.ne    at_level

    mrs     x0, id_aa64mmfr1_el1
    ubfx    x0, x0, #8, #4          // VH
    cbz     x0, without_vhe

    mov     x20, #MODE_EL2_VHE
    ldr     x0, =HCR_VHE
    msr     hcr_el2, x0
    isb
    bl      init_el2_common
    b       at_level

without_vhe:
    mov     x20, #MODE_EL1_WITH_STUB
    mov     x0, #HCR_RW
    msr     hcr_el2, x0
    bl      init_el2_common
    mov     x0, #0x33ff             // CPTR_EL2: RES1 bits, no traps (Arm ARM D17, HCR_EL2.E2H = 0)
    msr     cptr_el2, x0
    mov     x0, #3                  // EL1 may use the physical counter and timer
    msr     cnthctl_el2, x0
    mrs     x0, midr_el1
    msr     vpidr_el2, x0
    mrs     x0, mpidr_el1
    msr     vmpidr_el2, x0
    ldr     x0, =SCTLR_EL1_RESET
    msr     sctlr_el1, x0
    adr_l   x0, el2_vectors
    msr     vbar_el2, x0
    adr_l   x0, el2_stack_top
    mov     sp, x0
    mov     x0, #SPSR_EL1H_MASKED
    msr     spsr_el2, x0
    adr     x0, at_level
    msr     elr_el2, x0
    eret

// What both ways at EL2 need: no traps to EL2, counter offset 0, system registers of the GIC on.
init_el2_common:
    msr     cntvoff_el2, xzr
    msr     vttbr_el2, xzr
    msr     hstr_el2, xzr
    mrs     x0, id_aa64dfr0_el1
    ubfx    x0, x0, #8, #4          // PMUVer
    cbz     x0, 1f
    mrs     x0, pmcr_el0
    ubfx    x0, x0, #11, #5         // all counters belong to EL1
1:  msr     mdcr_el2, x0
    mrs     x0, id_aa64pfr0_el1
    ubfx    x0, x0, #24, #4         // GIC
    cbz     x0, 2f
    mov     x0, #0xf                // ICC_SRE_EL2: SRE, DFB, DIB, Enable
    msr     S3_4_C12_C9_5, x0
    isb
    msr     S3_4_C12_C11_0, xzr     // ICH_HCR_EL2
2:  ret

// No line of what is written while the MMU is off (.bss: tables, stack) is in a cache. Changes x1 to x3.
invalidate_written:
    mrs     x3, ctr_el0
    ubfx    x3, x3, #16, #4         // DminLine: log2 of words
    mov     x2, #4
    lsl     x3, x2, x3
    adr_l   x1, __bss_start         // page aligned, as the end is: no line is shared with others
    adr_l   x2, __bss_end
    dmb     sy
1:  .rept   4                       // a line is a quarter of a page at most
    dc      ivac, x1
    add     x1, x1, x3
    .endr
    cmp     x1, x2
    b.lo    1b
    dsb     sy
    ret

at_level:
    msr     spsel, #1
    isb
    adr_l   x0, identity_root
    cbnz    x22, mmu_on
    bl      invalidate_written      // what the firmware left dirty must not be written back over what follows
    // No stack yet: zero .bss by hand. Its bounds are page aligned.
    adr_l   x0, __bss_start
    adr_l   x1, __bss_end
1:  .rept   16
    stp     xzr, xzr, [x0], #16
    .endr
    cmp     x0, x1
    b.lo    1b
    adr_l   x0, core_stacks+KERNEL_STACK_END*4096
    mov     sp, x0
    adr_l   x0, _head               // where we are: physical, MMU is off
    bl      mmu_build_tables        // returns the identity table's address
    bl      invalidate_written      // what a cache has read meanwhile is older than what was written past it

// x0: the identity table.
mmu_on:
    ldr     x1, =MAIR_VALUE
    msr     mair_el1, x1
    ldr     x1, =TCR_VALUE
    mrs     x2, id_aa64mmfr0_el1
    and     x2, x2, #0xf            // PARange, at most 48 bits with 4 KiB pages
    cmp     x2, #5
    mov     x3, #5
    csel    x2, x2, x3, lo
    bfi     x1, x2, #32, #3         // IPS
    msr     tcr_el1, x1
    msr     ttbr0_el1, x0
    adr_l   x1, kernel_root
    msr     ttbr1_el1, x1
    dsb     sy
    isb
    tlbi    vmalle1
    dsb     sy
    ic      iallu
    dsb     sy
    isb
    ldr     x0, =SCTLR_VALUE
    ldr     x1, =at_linked_address
    msr     sctlr_el1, x0
    isb
    br      x1

at_linked_address:
    ldr     x0, =vectors
    msr     vbar_el1, x0
    adr_l   x0, empty_root_physical // the identity map goes: no user address resolves until a component runs
    ldr     x0, [x0]
    msr     ttbr0_el1, x0
    isb
    tlbi    vmalle1
    dsb     sy
    isb
    msr     tpidrro_el0, xzr
    msr     tpidr_el0, xzr
    mov     x0, #(1 << 12)          // TDCC: the debug channel would be one between components
    msr     mdscr_el1, x0
    mrs     x0, id_aa64dfr0_el1
    ubfx    x0, x0, #8, #4          // PMUVer
    cbz     x0, 1f
    msr     pmuserenr_el0, xzr
1:  msr     cntkctl_el1, xzr        // at EL2 this is CNTHCTL_EL2: then EL1 names of it are not needed
    mov     x0, #(1 << 20)          // CPACR: FPU traps from user level only; SVE and SME trap
    msr     cpacr_el1, x0
    mov     x29, xzr
    mov     x30, xzr
    cbnz    x22, secondary
    ldr     x0, =core_stacks+KERNEL_STACK_END*4096
    mov     sp, x0
    ldr     x0, =cores
    msr     tpidr_el1, x0
    mov     x0, x19
    mov     x1, x20
    mov     x2, x21
    bl      aarch64_main
    b       resume                  // entry.S: x0 = the first thread

secondary:
    msr     tpidr_el1, x22
    ldr     x1, [x22, #CORE_KERNEL_STACK]
    mov     sp, x1
    mov     x0, x22
    bl      kernel_start_core
    b       resume
