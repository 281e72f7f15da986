// Records the kernel hands to user space as a row of registers or as memory.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <stdint.h>

// SYS_COMPONENT_STATE: field i is result register i + 1.
struct component_report {
    uint64_t state;         // enum component_state | ready << 8 | enum fault_reason << 16
    uint64_t fault_address; // or the exit code when EXITED or STOPPED
    uint64_t fault_pc;
    uint64_t generation;    // starts at 1, +1 for each restart
    uint64_t run_time;      // ns charged to its own budget since boot, all generations; a server's work for a caller is the caller's
    uint64_t fault_frame;   // frame pointer at the fault, for a backtrace
};

// SYS_FRAME_READ / SYS_FRAME_WRITE, as on aarch64. `pstate`: only the condition flags can be written.
// On riscv64 x[i] is register x(i+1), of which sp and tp are taken from `sp` and `tls`; `pstate` is 0.
// On x86_64 x[0] to x[11] are the message registers in their order, x[12] to x[14] rax, rcx, r11; `pstate` is rflags, `tls` FS.base.
struct thread_registers {
    uint64_t x[31];
    uint64_t sp;
    uint64_t pc;
    uint64_t pstate;
    uint64_t tls; // TPIDR_EL0
};
_Static_assert(sizeof(struct thread_registers) == 35 * 8, "frame layout is ABI");
