// First instructions: supervisor mode, MMU off, a0 = hart, a1 = device tree. The image has the header of the riscv64
// boot protocol (Linux, Documentation/arch/riscv/boot-image-header), so what starts Linux starts us.
// SPDX-License-Identifier: BSD-2-Clause

#include <numbers.h>

    .section .head, "ax"
    .option norelax
    .global _head
_head:
    j       start                   // code0
    .balign 8
    .quad   0x200000                // text_offset
    .quad   __image_bytes           // image_size, from the linker script
    .quad   0                       // flags: little endian
    .word   2                       // header version 0.2
    .word   0
    .quad   0
    .ascii  "RISCV\0\0\0"
    .ascii  "RSC\x05"
    .word   0

start:
    csrw    sie, zero
    csrw    sip, zero
    csrw    scounteren, zero
    lla     t0, started
    li      t1, 1
    amoswap.w.aqrl t1, t1, (t0)
    bnez    t1, misled
    rdtime  s2                      // the clock starts here
    mv      s0, a0                  // hart
    mv      s1, a1                  // device tree
    // No stack yet: zero .bss by hand. Its bounds are page aligned.
    lla     t0, __bss_start
    lla     t1, __bss_end
1:  .set    at, 0
    .rept   32
    sd      zero, at(t0)
    .set    at, at + 8
    .endr
    addi    t0, t0, 256
    bltu    t0, t1, 1b
    lla     sp, core_stacks+KERNEL_STACK_END*4096
    lla     a0, _head
    call    mmu_build_tables        // a0 = satp with the identity map, a1 = satp of the kernel alone
    lla     t0, boot_satp
    sd      a0, 0(t0)
    sd      a1, 8(t0)
    mv      s3, zero                // the first core
// The jump to the linked address: the identity map holds this page as well.
mmu_on:
    lla     t0, at_linked_address
    lla     t1, _head
    sub     t0, t0, t1
    li      t1, 0xffffffff80000000
    add     t0, t0, t1
    sfence.vma
    csrw    satp, a0
    sfence.vma
    jr      t0

at_linked_address:
    csrw    satp, a1                // the identity map goes
    sfence.vma
    lla     t0, trap_entry
    csrw    stvec, t0
    csrw    sscratch, zero          // in the kernel
    mv      tp, s3
    bnez    s3, secondary
    lla     sp, core_stacks+KERNEL_STACK_END*4096
    lla     tp, cores
    mv      a0, s1
    mv      a1, s0
    mv      a2, s2
    mv      s0, zero
    call    riscv64_main
    j       resume                  // entry.S: a0 = the first thread

secondary:
    ld      sp, CORE_KERNEL_STACK(tp)
    mv      a0, tp
    mv      s0, zero
    call    kernel_start_core
    j       resume

// The other cores come here from the firmware, in the state of the first (RISC-V SBI 1.0, 9.1): a1 = struct core at its
// linked address.
    .global secondary_start
secondary_start:
    csrw    sie, zero
    csrw    sip, zero
    csrw    scounteren, zero
    mv      s3, a1
    lla     t0, boot_satp
    ld      a0, 0(t0)
    ld      a1, 8(t0)
    j       mmu_on

// OpenSBI 1.1 lets a core see that it is to start before it sees where, and sends it here. Which core it is tells a0.
misled:
    lla     s3, cores
    lwu     t1, core_count
    li      t2, CORE_LINES * CACHE_LINE
1:  ld      t0, CORE_HARDWARE_ID(s3)
    beq     t0, a0, 2f
    add     s3, s3, t2
    addi    t1, t1, -1
    bnez    t1, 1b
rest:
    wfi
    j       rest
2:  lla     t0, _head
    sub     a1, s3, t0
    li      t0, 0xffffffff80000000
    add     a1, a1, t0
    j       secondary_start

    .section .data.boot, "aw"
    .balign 4
started:
    .word   0

    .section .bss.boot, "aw", %nobits
    .balign 8
boot_satp:
    .skip   16
