// The instructions of x86_64; see instructions.h. What is privileged: AMD APM 3, chapter 4.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define INSTRUCTION_CLOBBERS "rax", "rbx", "rcx", "rdx", "cc", "memory"

// clang-format off
#define MACHINE_INSTRUCTIONS(X)                                                                     \
    X(NONE, "nop", FAULT_NONE)                                                                      \
    X(PAUSE, "pause", FAULT_NONE)                                                                   \
    X(IDENTIFY, "xor %%eax, %%eax\n\tcpuid", FAULT_NONE)                                            \
    X(FENCE, "mfence", FAULT_NONE)                                                                  \
    X(SEGMENT_OF_USER, "mov $0x1b, %%eax\n\tmov %%eax, %%gs", FAULT_NONE)                           \
    X(KEEP_INTERRUPTS_ON, "pushf\n\tandl $~0x200, (%%rsp)\n\tpopf", FAULT_NONE) /* not heard */     \
    X(UNDEFINED, "ud2", FAULT_INSTRUCTION)                                                          \
    X(BREAKPOINT, "int3", FAULT_BREAKPOINT)                                                         \
    X(SINGLE_STEP, "pushf\n\torl $0x100, (%%rsp)\n\tpopf\n\tnop", FAULT_BREAKPOINT)                 \
    X(FPU, "fld1", FAULT_FPU)                                                                       \
    X(SSE, "movaps %%xmm1, %%xmm2", FAULT_FPU)                                                      \
    X(MMX, "movd %%eax, %%mm0", FAULT_FPU)                                                                    \
    X(AVX, "vzeroupper", FAULT_INSTRUCTION)                                                         \
    X(READ_EXTENDED_STATE, "xor %%ecx, %%ecx\n\txgetbv", FAULT_INSTRUCTION)                         \
    X(INTERRUPT_OF_LINUX, "int $0x80", FAULT_INSTRUCTION)                                           \
    X(INTERRUPT_OF_DEVICE, "int $0x24", FAULT_INSTRUCTION)                                          \
    X(INTERRUPT_OF_TIMER, "int $0xe0", FAULT_INSTRUCTION)                                           \
    X(DOUBLE_FAULT, "int $8", FAULT_INSTRUCTION)                                                    \
    X(OTHER_ENTRY, "sysenter", FAULT_INSTRUCTION)                                                   \
    X(SYSRET, "sysretq", FAULT_INSTRUCTION)                                                         \
    X(SWAP_KERNEL_POINTER, "swapgs", FAULT_INSTRUCTION)                                             \
    X(SEGMENT_OF_KERNEL, "mov $0x10, %%eax\n\tmov %%eax, %%ds", FAULT_INSTRUCTION)                  \
    X(HALT, "hlt", FAULT_INSTRUCTION)                                                               \
    X(MASK_INTERRUPTS, "cli", FAULT_INSTRUCTION)                                                    \
    X(UNMASK_INTERRUPTS, "sti", FAULT_INSTRUCTION)                                                  \
    X(READ_PORT, "mov $0x64, %%edx\n\tinb %%dx, %%al", FAULT_INSTRUCTION)                           \
    X(WRITE_PORT, "mov $0xf4, %%edx\n\toutl %%eax, %%dx", FAULT_INSTRUCTION)                        \
    X(READ_CONTROL, "mov %%cr0, %%rax", FAULT_INSTRUCTION)                                          \
    X(WRITE_CONTROL, "mov %%rax, %%cr0", FAULT_INSTRUCTION)                                         \
    X(READ_ROOT, "mov %%cr3, %%rax", FAULT_INSTRUCTION)                                             \
    X(WRITE_ROOT, "mov %%rax, %%cr3", FAULT_INSTRUCTION)                                            \
    X(WRITE_PROTECTIONS, "mov %%rax, %%cr4", FAULT_INSTRUCTION)                                     \
    X(WRITE_PRIORITY, "mov %%rax, %%cr8", FAULT_INSTRUCTION)                                        \
    X(WRITE_DEBUG, "mov %%rax, %%dr7", FAULT_INSTRUCTION)                                           \
    X(CLEAR_TASK_SWITCHED, "clts", FAULT_INSTRUCTION)                                               \
    X(READ_MODEL_REGISTER, "mov $0xc0000080, %%ecx\n\trdmsr", FAULT_INSTRUCTION)                    \
    X(WRITE_MODEL_REGISTER, "mov $0xc0000080, %%ecx\n\twrmsr", FAULT_INSTRUCTION)                   \
    X(WRITE_DESCRIPTORS, "lgdt (%%rsp)", FAULT_INSTRUCTION)                                         \
    X(WRITE_GATES, "lidt (%%rsp)", FAULT_INSTRUCTION)                                               \
    X(WRITE_LOCAL_DESCRIPTORS, "lldt %%ax", FAULT_INSTRUCTION)                                      \
    X(WRITE_TASK, "ltr %%ax", FAULT_INSTRUCTION)                                                    \
    X(READ_DESCRIPTORS, "sub $16, %%rsp\n\tsgdt (%%rsp)", FAULT_INSTRUCTION)                        \
    X(READ_GATES, "sub $16, %%rsp\n\tsidt (%%rsp)", FAULT_INSTRUCTION)                              \
    X(READ_TASK, "str %%eax", FAULT_INSTRUCTION)                                                    \
    X(READ_MACHINE_STATUS, "smsw %%eax", FAULT_INSTRUCTION)                                         \
    X(TLB_INVALIDATE, "invlpg (%%rsp)", FAULT_INSTRUCTION)                                          \
    X(CACHE_INVALIDATE, "invd", FAULT_INSTRUCTION)                                                  \
    X(CACHE_WRITE_BACK, "wbinvd", FAULT_INSTRUCTION)                                                \
    X(WRITE_USER_POINTER, "wrgsbase %%rax", FAULT_INSTRUCTION)                                      \
    X(READ_USER_POINTER, "rdgsbase %%rax", FAULT_INSTRUCTION)                                       \
    X(RUN_GUEST, "vmrun", FAULT_INSTRUCTION)                                                        \
    X(CALL_HYPERVISOR, "vmmcall", FAULT_INSTRUCTION)                                                \
    X(READ_CYCLES, "rdtsc", FAULT_INSTRUCTION)                                                      \
    X(READ_CYCLES_AND_CORE, "rdtscp", FAULT_INSTRUCTION)                                            \
    X(READ_EVENTS, "xor %%ecx, %%ecx\n\trdpmc", FAULT_INSTRUCTION)
// clang-format on
