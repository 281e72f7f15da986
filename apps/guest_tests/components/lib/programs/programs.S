// Programs for guests. Each call (HVC) tells the handler something, and takes its answer.
// SPDX-License-Identifier: BSD-2-Clause
#define ICC_PMR S3_0_C4_C6_0
#define ICC_IAR1 S3_0_C12_C12_0
#define ICC_EOIR1 S3_0_C12_C12_1
#define ICC_IGRPEN1 S3_0_C12_C12_7
#define ICC_SGI1R S3_0_C12_C11_5
#define ICC_SRE S3_0_C12_C12_5

    .section .rodata, "a"

.macro program name
    .balign 2048
    .global \name, \name\()_end
\name:
.endm
.macro interrupts_on vectors
    adr     x1, \vectors
    msr     vbar_el1, x1
    mov     x1, #0xf0
    msr     ICC_PMR, x1
    mov     x1, #1
    msr     ICC_IGRPEN1, x1
    isb
    msr     daifclr, #2
.endm
// Vectors, relative to the program, whose exceptions from EL1 with SP_EL1 go to these; others stop.
.macro vectors name synchronous interrupt
    .balign 2048
\name:
    .rept 4
    b       .
    .balign 128
    .endr
    b       \synchronous
    .balign 128
    b       \interrupt
    .balign 128
    .rept 10
    b       .
    .balign 128
    .endr
.endm

// A hypercall with registers; its result; an SMC, whose result the handler writes as well; and on.
program program_calls
    mov     x8, #0x88
    mov     x0, #0x10
    mov     x1, #0x11
    mov     x2, #0x12
    mov     x3, #0x13
    mov     x4, #0x14
    mov     x5, #0x15
    hvc     #0
    mov     x1, x0
    smc     #0
    add     x0, x0, #1
    hvc     #7
    b       .
program_calls_end:

// x0 = device.
program program_accesses
    mov     x9, x0
    ldr     x10, [x9]
    ldr     w11, [x9, #4]
    ldrb    w12, [x9, #1]
    ldrsb   x13, [x9, #2]
    ldrsb   w14, [x9, #3]
    ldrh    w15, [x9, #2]
    ldrsh   x16, [x9, #4]
    ldrsw   x17, [x9, #8]
    ldr     xzr, [x9, #16]
    mov     x0, x10
    mov     x1, x11
    mov     x2, x12
    mov     x3, x13
    mov     x4, x14
    mov     x5, x15
    hvc     #0
    mov     x0, x16
    mov     x1, x17
    mov     x2, sp
    hvc     #0
    ldr     x0, =0x1122334455667788
    str     x0, [x9, #32]
    str     w0, [x9, #36]
    strb    w0, [x9, #40]
    str     xzr, [x9, #48]
    ldp     x2, x3, [x9]            // no syndrome that says what it is
    hvc     #0
    b       .
    .ltorg
program_accesses_end:

// Waits for interrupts and tells of each: x0 = its number, while it is active; then of having ended it, with x0 = -1.
program program_interrupts
    mov     x20, #0
    interrupts_on interrupts_vectors
    mov     x0, #-2
    hvc     #0
1:  wfi
    b       1b
interrupts_taken:
    mrs     x21, ICC_IAR1
    mov     x0, x21
    hvc     #0
    msr     ICC_EOIR1, x21
    mov     x0, #-1
    add     x20, x20, #1
    mov     x1, x20
    hvc     #0
    eret
vectors interrupts_vectors, ., interrupts_taken
program_interrupts_end:

// Its own timer, x0 ticks from now, taken as an interrupt. Tells: x0 = number, x1 = ticks that it took.
program program_timer
    mov     x22, x0
    interrupts_on timer_vectors
    mrs     x23, cntvct_el0
    add     x1, x23, x22
    msr     cntv_cval_el0, x1
    mov     x1, #1
    msr     cntv_ctl_el0, x1
1:  wfi
    b       1b
timer_taken:
    mrs     x0, ICC_IAR1
    mov     x21, x0
    mrs     x1, cntvct_el0
    sub     x1, x1, x23
    msr     cntv_ctl_el0, xzr
    msr     ICC_EOIR1, x21
    hvc     #0
    mrs     x23, cntvct_el0         // and again
    add     x1, x23, x22
    msr     cntv_cval_el0, x1
    mov     x1, #1
    msr     cntv_ctl_el0, x1
    eret
vectors timer_vectors, ., timer_taken
program_timer_end:

// A timer that always fires, and is never told off: x0 times, each ended. Tells: x1 = ticks that it took.
program program_storm
    mov     x22, x0
    mrs     x23, cntvct_el0
    msr     cntv_cval_el0, xzr
    mov     x1, #1
    msr     cntv_ctl_el0, x1
    interrupts_on storm_vectors
1:  wfi
    b       1b
storm_taken:
    mrs     x0, ICC_IAR1
    msr     ICC_EOIR1, x0
    subs    x22, x22, #1
    b.ne    1f
    mrs     x1, cntvct_el0
    sub     x1, x1, x23
    hvc     #0
1:  eret
vectors storm_vectors, ., storm_taken
program_storm_end:

// What a guest must not reach. What is undefined for it comes back to it; what traps is the handler's. Tells how many of the first.
program program_wild
    mov     x20, #0
    adr     x1, wild_vectors
    msr     vbar_el1, x1
    isb
    mov     x0, #-1
    msr     actlr_el1, x0
    msr     mdscr_el1, x0
    msr     oslar_el1, x0
    msr     dbgbvr0_el1, x0
    msr     dbgbcr0_el1, x0
    msr     dbgwvr0_el1, x0
    msr     dbgwcr0_el1, x0
    mrs     x0, mdrar_el1
    mov     x0, #-1
    msr     pmcr_el0, x0
    msr     pmcntenset_el0, x0
    msr     pmuserenr_el0, x0
    mrs     x0, cntpct_el0
    mrs     x0, cntp_ctl_el0
    mov     x0, #-1
    msr     cntp_cval_el0, x0
    msr     ICC_SRE, xzr
    msr     S3_0_C15_C0_0, x0       // implementation defined
    msr     S3_4_C1_C1_0, x0        // HCR_EL2
    msr     S3_4_C2_C1_0, x0        // VTTBR_EL2
    msr     S3_4_C12_C0_0, x0       // VBAR_EL2
    msr     S3_6_C1_C1_0, x0        // SCR_EL3
    mrs     x0, S3_4_C12_C11_0      // ICH_HCR_EL2
    dc      isw, xzr
    dc      cisw, xzr
    mov     x0, #-1
    msr     ICC_SGI1R, x0
    tlbi    vmalle1
    tlbi    vmalle1is
    ic      iallu
    msr     tpidrro_el0, x0
    msr     csselr_el1, x0
    msr     contextidr_el1, x0
    msr     ttbr1_el1, x0
    msr     mair_el1, x0
    msr     cpacr_el1, x0
    msr     cntkctl_el1, x0
    msr     amair_el1, x0
    msr     par_el1, x0
    wfe
    mrs     x2, id_aa64pfr0_el1
    mrs     x3, mpidr_el1
    mov     x0, #0
    mov     x1, x20
    hvc     #0
    b       .
wild_undefined:
    mrs     x3, elr_el1
    add     x3, x3, #4
    msr     elr_el1, x3
    add     x20, x20, #1
    eret
vectors wild_vectors, wild_undefined, .
program_wild_end:

// Reads at each address in the list at x0 until a zero; then executes there. Tells how far it came.
program program_reach
    mov     x9, x0
1:  ldr     x1, [x9], #8
    cbz     x1, 2f
    ldr     x2, [x1]
    str     x2, [x1]
    b       1b
2:  mov     x0, #0
    hvc     #0
    mov     x1, #0x9000000
    br      x1
program_reach_end:

// A load that the handler makes an exception of: tells syndrome, address and where it was.
program program_exception
    adr     x1, exception_vectors
    msr     vbar_el1, x1
    isb
    mov     x9, x0
    adr     x10, 1f
1:  ldr     x2, [x9]
    b       .
exception_taken:
    mrs     x0, esr_el1
    mrs     x1, far_el1
    mrs     x2, elr_el1
    sub     x2, x2, x10
    mrs     x3, spsr_el1
    mrs     x4, currentel
    mrs     x5, daif
    hvc     #0
    b       .
vectors exception_vectors, exception_taken, .
program_exception_end:

// Floating point of its own.
program program_float
    .arch_extension simd
    mov     x1, #(3 << 20)
    msr     cpacr_el1, x1
    isb
    mov     x0, #0
    fmov    d31, x0
    hvc     #0
    fmov    d31, x0
    hvc     #0
    fmov    x0, d31
    hvc     #0
    b       .
program_float_end:

// Fills every register that it has with numbers made from x0, and asks for ever whether they are the same. Tells x0 = 0 for each round
// that was, else the number of what was not; x1 = rounds.
.macro each_system operation
    \operation sp_el0
    \operation tpidr_el0
    \operation tpidrro_el0
    \operation tpidr_el1
    \operation ttbr0_el1
    \operation ttbr1_el1
    \operation mair_el1
    \operation amair_el1
    \operation far_el1
    \operation elr_el1
    \operation contextidr_el1
    \operation afsr0_el1
    \operation esr_el1
    \operation cntv_cval_el0
    \operation vbar_el1
.endm
.macro fill register
    add     x0, x0, #0x800
    msr     \register, x0
    mrs     x1, \register
    str     x1, [x2], #8            // as much of it as there is
.endm
.macro compare register
    ldr     x1, [x2], #8
    add     x3, x3, #1
    mrs     x4, \register
    cmp     x1, x4
    b.ne    keeper_wrong
.endm
program program_keeper
    mov     x1, #(3 << 20)
    msr     cpacr_el1, x1
    isb
    mov     x28, x0                 // the seed
    adr     x27, keeper_memory
    mov     x2, x27
    each_system fill
    mov     x29, x0
    mov     sp, x0
    .irp    number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    add     x0, x28, #\number
    fmov    d\number, x0
    .endr
    mov     x26, #0
keeper_round:
    .irp    number, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 30
    add     x\number, x28, #\number
    .endr
    mov     x0, #20000              // long enough to be interrupted
1:  subs    x0, x0, #1
    b.ne    1b
    mov     x3, #0
    .irp    number, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 30
    add     x3, x28, #\number
    cmp     x3, x\number
    mov     x3, #\number
    b.ne    keeper_wrong
    .endr
    mov     x3, #31
    cmp     sp, x29
    b.ne    keeper_wrong
    .irp    number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    fmov    x0, d\number
    add     x1, x28, #\number
    mov     x3, #(64 + \number)
    cmp     x0, x1
    b.ne    keeper_wrong
    .endr
    mov     x2, x27
    mov     x3, #100
    each_system compare
    add     x26, x26, #1
    mov     x0, #0
    mov     x1, x26
    hvc     #0
    b       keeper_round
keeper_wrong:
    mov     x0, x3
    mov     x1, x26
    hvc     #0
    b       .
    .balign 8
keeper_memory:
    .fill   32, 8, 0
program_keeper_end:

// What exits cost. x0 = rounds. Tells ticks of the counter: x1 = of a loop, x2 = of one with hypercalls, x3 = of loads from a device.
.macro measure into operation:vararg
    mov     x9, x20
    isb
    mrs     x10, cntvct_el0
1:  \operation
    subs    x9, x9, #1
    b.ne    1b
    isb
    mrs     x11, cntvct_el0
    sub     \into, x11, x10
.endm
program program_costs
    mov     x20, x0
    mov     x19, #0x9000000
    measure x21, nop
    mov     x0, #0
    measure x22, hvc #0
    measure x23, ldr x12, [x19]
    mov     x1, x21
    mov     x2, x22
    mov     x3, x23
    mov     x0, #2
    hvc     #0
    b       .
program_costs_end:

program program_spin
    b       .
program_spin_end:
