// World switch: from the kernel into a guest and back, and EL2's vectors for it.
//
// With VHE the kernel is at EL2 itself: while a guest runs, its vectors stand in place of the kernel's. Without, the kernel asks
// the stub, which is this code at EL2 and replaces that of el2_stub.S: it exchanges the kernel's EL1 registers for the guest's, and on
// the exit the other way round. EL2 then sees the kernel's memory through the kernel's tables, by the low 39 bits of its addresses.
//
// All that a guest can change is saved at each exit and loaded at each entry, so nothing is left of one guest when another or a
// component runs. While it runs, sp of EL2 is its thread, whose first member is the frame, and TPIDR_EL2 its struct vcpu.
// SPDX-License-Identifier: BSD-2-Clause
#include "../registers.h"

#include <arch_vm/world.h>
#include <numbers.h>

    .arch   armv8.1-a

#define ICH_AP0R0 S3_4_C12_C8_0
#define ICH_AP1R0 S3_4_C12_C9_0
#define ICH_HCR S3_4_C12_C11_0
#define ICH_VTR S3_4_C12_C11_1
#define ICH_VMCR S3_4_C12_C11_7
#define ICH_LR0 S3_4_C12_C12_0
#define ICH_LR1 S3_4_C12_C12_1
#define ICH_LR2 S3_4_C12_C12_2
#define ICH_LR3 S3_4_C12_C12_3
#define ICC_SRE_EL2 S3_4_C12_C9_5

// MDCR_EL2: TPMCR, TPM, TDA, TDOSA, TDRA, TPMS, TTRF: a guest has no debug registers, counters, profiling or trace.
#define MDCR_TRAPS ((1 << 5) | (1 << 6) | (1 << 9) | (1 << 10) | (1 << 11) | (1 << 14) | (1 << 19))
#define CPTR_KERNEL_VHE (1 << 20)   // as CPACR_EL1 in head.S
#define CPTR_KERNEL 0x33ff
#define SCTLR_EL2 0x30c5183d        // M, C, SA, I, and the RES1 bits

.macro store one two
    mrs     x10, \one
    mrs     x11, \two
    stp     x10, x11, [x9], #16
.endm
.macro fetch one two
    ldp     x10, x11, [x9], #16
    msr     \one, x10
    msr     \two, x11
.endm

// From x9 on, as struct vcpu has them. `suffix`: by which name EL2 reaches a register of EL1. First those of which the kernel at EL1
// wants its own.
.macro kernel_registers operation suffix
    \operation sctlr_\suffix, cpacr_\suffix
    \operation ttbr0_\suffix, ttbr1_\suffix
    \operation tcr_\suffix, mair_\suffix
    \operation amair_\suffix, vbar_\suffix
    \operation contextidr_\suffix, cntkctl_\suffix
    \operation sp_el1, tpidr_el1
    \operation tpidrro_el0, par_el1
.endm
.macro guest_registers operation suffix timer
    kernel_registers \operation, \suffix
    \operation esr_\suffix, far_\suffix
    \operation afsr0_\suffix, afsr1_\suffix
    \operation elr_\suffix, spsr_\suffix
    \operation csselr_el1, ICH_VMCR
    \operation ICH_AP0R0, ICH_AP1R0
    \operation ICH_LR0, ICH_LR1
    \operation ICH_LR2, ICH_LR3
    \operation cntv_ctl_\timer, cntv_cval_\timer
.endm

.macro debug_traps operation
    mrs     x10, mdcr_el2
    ldr     x11, =MDCR_TRAPS
    \operation x10, x10, x11
    msr     mdcr_el2, x10
.endm

// Into the guest. x8 = struct vcpu, sp = the thread, as EL2 sees them; x7 = its vectors.
.macro enter suffix timer
    msr     tpidr_el2, x8
    add     x9, x8, #VCPU_VTTBR
    ldp     x10, x11, [x9], #16
    msr     vttbr_el2, x10
    msr     vmpidr_el2, x11
    ldp     x10, x11, [x9]          // VCPU_HCR
    msr     hcr_el2, x10
    msr     cptr_el2, x11
    debug_traps orr
    msr     vbar_el2, x7
    isb                             // the tables of EL1 change below stage 2 only
    add     x9, x8, #VCPU_REGISTERS
    guest_registers fetch, \suffix, \timer
    ldr     x10, [x8, #VCPU_LISTS_CONTROL]
    msr     ICH_HCR, x10
    ldr     x10, [sp, #FRAME_TLS]
    msr     tpidr_el0, x10
    ldp     x10, x11, [sp, #FRAME_PC]
    msr     elr_el2, x10
    msr     spsr_el2, x11
    ldp     x30, x10, [sp, #240]
    msr     sp_el0, x10
    pairs   ldp, 0, 29
    to_user
.endm

// Out of it, x0 and x1 saved already, x0 = EXIT_*. Afterwards x8 = struct vcpu, sp = the thread, x1 to x3 = ESR, FAR, HPFAR.
.macro leave suffix timer
    pairs   stp, 2, 29
    mrs     x10, sp_el0
    stp     x30, x10, [sp, #240]
    mrs     x10, elr_el2
    mrs     x11, spsr_el2
    stp     x10, x11, [sp, #FRAME_PC]
    mrs     x10, tpidr_el0
    str     x10, [sp, #FRAME_TLS]
    msr     ICH_HCR, xzr
    mrs     x8, tpidr_el2
    add     x9, x8, #VCPU_REGISTERS
    guest_registers store, \suffix, \timer
    msr     cntv_ctl_\timer, xzr
    fault_address
.endm

// HPFAR is not said to be right after a permission fault of an access that is no table walk: then EL1's tables are asked again.
// If they have changed meanwhile the guest is to try again, as after an interrupt.
.macro fault_address
    mrs     x1, esr_el2
    mrs     x2, far_el2
    mrs     x3, hpfar_el2
    lsr     x10, x1, #26
    bic     x10, x10, #4            // 0x20, 0x24: instruction, data abort
    and     x11, x1, #0x3c
    cmp     x10, #0x20
    ccmp    x11, #0x0c, #0, eq
    b.ne    1f
    tbnz    x1, #7, 1f              // S1PTW
    cbnz    x0, 1f
    at      s1e1r, x2
    isb
    mrs     x10, par_el1
    and     x0, x10, #1             // EXIT_INTERRUPT, if it failed
    ubfx    x10, x10, #12, #36
    lsl     x3, x10, #4
1:
.endm

// The vectors of a guest; from EL2 itself nothing is expected.
.macro exit_vector kind target
    .balign 0x80
    stp     x0, x1, [sp]
    mov     x0, #\kind
    b       \target
.endm
.macro guest_vectors bug target
    .rept   8
    .balign 0x80
    b       \bug
    .endr
    .rept   2                       // AArch64, AArch32
    exit_vector EXIT_SYNCHRONOUS, \target
    exit_vector EXIT_INTERRUPT, \target
    exit_vector EXIT_INTERRUPT, \target
    exit_vector EXIT_ERROR, \target
    .endr
.endm

// --- With VHE --------------------------------------------------------------------------------

    .section .text.vm, "ax"
    .balign 0x800
vhe_vectors:
    guest_vectors kernel_bug, vhe_leave
kernel_bug:                         // goes to the kernel's own vectors
    mrs     x0, tpidr_el2
    ldr     x0, [x0, #VCPU_CORE]
    msr     tpidr_el1, x0
    ldr     x0, =vectors
    msr     vbar_el2, x0
    br      x0

// x0 = struct vcpu, x1 = the thread. Comes back by guest_exit.
    .global guest_enter
guest_enter:
    mov     sp, x1
    mov     x8, x0
    adr_l   x7, vhe_vectors
    enter   el12, el02

vhe_leave:
    leave   el12, el02
    ldr     x10, =HCR_VHE
    msr     hcr_el2, x10
    ldr     x10, =vectors
    msr     vbar_el2, x10
    mov     x10, #CPTR_KERNEL_VHE
    msr     cptr_el2, x10
    debug_traps bic
    msr     tpidrro_el0, xzr
    ldr     x10, [x8, #VCPU_CORE]
    msr     tpidr_el1, x10
    isb
    mov     x4, x0
    mov     x0, sp
    b       in_kernel

// x0 = the thread, x1 to x3 as above, x4 = EXIT_*
left_by_stub:
    mrs     x10, tpidr_el1
in_kernel:
    ldr     x10, [x10, #CORE_KERNEL_STACK]
    mov     sp, x10
    mov     x29, xzr
    bl      guest_exit
    b       resume                  // entry.S

// --- Without: the kernel's side ----------------------------------------------------------------

    .global guest_enter_by_stub
guest_enter_by_stub:
    hvc     #STUB_ENTER

// x0 = struct stub_setup. Returns ICH_VTR_EL2.
    .global guest_stub_init
guest_stub_init:
    ldp     x1, x2, [x0, #16]       // tcr, vtcr
    ldp     x3, x4, [x0]            // kernel, root
    hvc     #STUB_INIT
    ret

// The value of an identification register: x0 = (CRm - 1) * 8 + op2 of S3_0_C0_Cm_op2.
    .global guest_id_register
guest_id_register:
    adr     x1, 1f
    add     x1, x1, x0, lsl #3
    br      x1
1:  .irp    crm, 1, 2, 3, 4, 5, 6, 7
    .irp    op2, 0, 1, 2, 3, 4, 5, 6, 7
    mrs     x0, S3_0_C0_C\crm\()_\op2
    ret
    .endr
    .endr

// --- Without: at EL2 ---------------------------------------------------------------------------

    .section .text.el2, "ax"        // in the image's first 2 MiB, which EL2 maps where they are
    .balign 0x800
stub_guest_vectors:
    guest_vectors stub_bug, stub_leave
stub_bug:
    b       .

    .balign 0x800
    .global el2_vectors
el2_vectors:                        // while the kernel runs
    .rept   8
    .balign 0x80
    b       .
    .endr
    .balign 0x80                    // from EL1, AArch64: synchronous
    mrs     x7, esr_el2
    lsr     x8, x7, #26
    cmp     x8, #0x16               // HVC
    b.ne    stub_refuse
    and     x7, x7, #0xffff
    cmp     x7, #STUB_ENTER
    b.eq    stub_enter
    cmp     x7, #STUB_INIT
    b.eq    stub_init
stub_refuse:
    mov     x0, #-1
    eret
    .rept   7
    .balign 0x80
    eret
    .endr

stub_enter:
    and     x8, x0, #EL2_ADDRESS
    and     x1, x1, #EL2_ADDRESS
    mov     sp, x1
    adr_l   x7, stub_guest_vectors
    msr     cnthctl_el2, xzr        // the physical timer and counter are the kernel's
    enter   el1, el0

stub_leave:
    leave   el1, el0
    ldr     x9, [x8, #VCPU_KERNEL]
    and     x9, x9, #EL2_ADDRESS
    kernel_registers fetch, el1     // while stage 2 still is the guest's
    isb
    mov     x10, #HCR_RW
    msr     hcr_el2, x10
    msr     vttbr_el2, xzr
    mov     x10, #CPTR_KERNEL
    msr     cptr_el2, x10
    debug_traps bic
    mov     x10, #3                 // as head.S has it
    msr     cnthctl_el2, x10
    adr_l   x10, el2_vectors
    msr     vbar_el2, x10
    mov     x10, #SPSR_EL1H_MASKED
    msr     spsr_el2, x10
    ldr     x10, =left_by_stub
    msr     elr_el2, x10
    mov     x4, x0
    mov     x0, sp
    orr     x0, x0, #~EL2_ADDRESS
    to_user

// x1 = TCR_EL2, x2 = VTCR_EL2, x3 = where the kernel's registers are kept, x4 = EL2's tables. The kernel's registers are what they
// will be after each exit; TTBR0 leads nowhere. Changes x7 to x11.
stub_init:
    ldr     x10, =MAIR_VALUE
    msr     mair_el2, x10
    msr     tcr_el2, x1
    msr     ttbr0_el2, x4
    msr     vtcr_el2, x2
    mov     x10, #7                 // ICC_SRE_EL2: SRE, DFB, DIB; a guest cannot change what EL1 has
    msr     ICC_SRE_EL2, x10
    dsb     sy
    isb
    tlbi    alle2
    tlbi    alle1
    ic      iallu
    dsb     sy
    isb
    ldr     x10, =SCTLR_EL2
    msr     sctlr_el2, x10
    isb
    and     x9, x3, #EL2_ADDRESS
    kernel_registers store, el1
    mrs     x0, ICH_VTR
    eret

    .section .bss.el2, "aw", %nobits
    .balign 16
    .skip   512
    .global el2_stack_top
el2_stack_top:
