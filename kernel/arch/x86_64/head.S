// First instructions: 32-bit protected mode without paging, by Multiboot (0.6.96, 3.2: eax = its magic number, ebx = its
// information). The other cores come in real mode by way of the trampoline.
// All build or find the same tables for the way up: the first GiB as it is, and the image at its linked address.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"

#include <numbers.h>

// Where something of the image is before paging.
#define PHYSICAL(symbol) (symbol - IMAGE_BASE + LOAD_BASE)
#define ENTRY_TABLE 3 // present, writable
#define ENTRY_2M 0x83

#define MULTIBOOT_MAGIC 0x1badb002
#define MULTIBOOT_FLAGS 0x10002 // it wants the map of memory, and says itself where it lies

    .section .head, "ax"
    .code32
    .global _head
_head:
    .long   MULTIBOOT_MAGIC, MULTIBOOT_FLAGS, -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)
    .long   LOAD_BASE, LOAD_BASE, PHYSICAL(__data_end), PHYSICAL(__bss_end), PHYSICAL(start)

    .global start
start:
    cli
    cld
    mov     %eax, %ebp              // which protocol
    rdtsc                           // the clock starts here
    mov     %eax, %esi
    mov     %edx, %esp
    mov     $PHYSICAL(__bss_start), %edi // what is used before long mode comes first
    mov     $(way_end - way_root) / 4, %ecx
    xor     %eax, %eax
    rep stosl
    mov     %ebp, PHYSICAL(boot_protocol)
    mov     %ebx, PHYSICAL(boot_information)
    mov     %esi, PHYSICAL(boot_time)
    mov     %esp, PHYSICAL(boot_time) + 4
    // Way up: 512 pages of 2 MiB from 0, and 512 from the image on.
    movl    $PHYSICAL(way_level3_low) + ENTRY_TABLE, PHYSICAL(way_root)
    movl    $PHYSICAL(way_level3_high) + ENTRY_TABLE, PHYSICAL(way_root) + 511 * 8
    movl    $PHYSICAL(way_level2_low) + ENTRY_TABLE, PHYSICAL(way_level3_low)
    movl    $PHYSICAL(way_level2_high) + ENTRY_TABLE, PHYSICAL(way_level3_high) + 510 * 8
    xor     %ecx, %ecx
    mov     $ENTRY_2M, %eax
1:  mov     %eax, PHYSICAL(way_level2_low)(, %ecx, 8)
    lea     LOAD_BASE(%eax), %edx
    mov     %edx, PHYSICAL(way_level2_high)(, %ecx, 8)
    add     $0x200000, %eax
    inc     %ecx
    cmp     $512, %ecx
    jb      1b
    xor     %ebx, %ebx              // the first core

// ebx: 0, or the low half of the address of struct core.
long_mode:
    mov     $CR4_PAE | CR4_PGE | CR4_OSFXSR | CR4_OSXMMEXCPT, %eax
    mov     %eax, %cr4
    mov     $PHYSICAL(way_root), %eax
    mov     %eax, %cr3
    mov     $EFER, %ecx
    mov     $EFER_SCE | EFER_LME | EFER_NXE, %eax
    xor     %edx, %edx
    wrmsr
    mov     $CR0_PE | CR0_MP | CR0_TS | CR0_NE | CR0_WP | CR0_PG, %eax
    mov     %eax, %cr0
    lgdt    PHYSICAL(way_gdt_pointer)
    ljmp    $KERNEL_CS, $PHYSICAL(in_long_mode)

    .code64
in_long_mode:
    mov     $at_linked_address, %rax
    jmp     *%rax
at_linked_address:
    xor     %eax, %eax
    mov     %eax, %ds
    mov     %eax, %es
    mov     %eax, %fs
    mov     %eax, %gs
    mov     %eax, %ss
    xor     %ebp, %ebp
    test    %ebx, %ebx
    jnz     secondary
    mov     $way_end, %rdi
    mov     $__bss_end, %rcx
    sub     %rdi, %rcx
    shr     $3, %rcx
    rep stosq
    mov     $core_stacks+KERNEL_STACK_END*4096, %rsp
    call    x86_64_main
    jmp     resume                  // entry.S: rax = the first thread

secondary:
    movslq  %ebx, %rdi
    mov     CORE_KERNEL_STACK(%rdi), %rsp
    call    x86_64_start_core
    jmp     resume

// Another core begins here, in real mode, at a page below 1 MiB that this was copied to (Intel SDM 3A, 9.4).
    .section .rodata.trampoline, "a"
    .code16
    .global trampoline, trampoline_core, trampoline_end
trampoline:
    cli
    mov     %cs, %ax
    mov     %ax, %ds
    lgdtl   trampoline_gdt_pointer - trampoline
    mov     $CR0_PE, %eax
    mov     %eax, %cr0
    ljmpl   *(trampoline_target - trampoline)
    .balign 8
trampoline_gdt_pointer:
    .word   4 * 8 - 1
    .long   PHYSICAL(way_gdt)
trampoline_target:
    .long   PHYSICAL(secondary_start)
    .word   0x18
    .balign 4
trampoline_core:
    .long   0                       // low half of the address of struct core
trampoline_end:

    .section .head, "ax"
    .code32
secondary_start:
    mov     $KERNEL_SS, %eax
    mov     %eax, %ds
    mov     %eax, %es
    mov     %eax, %ss
    mov     TRAMPOLINE_PAGE + (trampoline_core - trampoline), %ebx
    jmp     long_mode

    .section .rodata, "a"
    .balign 8
way_gdt:
    .quad   0
    .quad   0x00209b0000000000      // KERNEL_CS: 64-bit code
    .quad   0x00cf93000000ffff      // KERNEL_SS
    .quad   0x00cf9b000000ffff      // 32-bit code, for the trampoline
way_gdt_pointer:
    .word   4 * 8 - 1
    .quad   PHYSICAL(way_gdt)

    .section .bss.way, "aw", %nobits
    .balign 4096
way_root:
    .skip   5 * 4096
    .set    way_level3_low, way_root + 4096
    .set    way_level3_high, way_root + 2 * 4096
    .set    way_level2_low, way_root + 3 * 4096
    .set    way_level2_high, way_root + 4 * 4096
    .balign 8
    .global boot_protocol, boot_information, boot_time
boot_time:
    .skip   8
boot_protocol:
    .skip   4
boot_information:
    .skip   4
way_end:
