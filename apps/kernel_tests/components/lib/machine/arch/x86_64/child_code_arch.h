// Places in struct thread_registers on x86_64: message registers in their order, then rax, rcx, r11. SPDX-License-Identifier:
// BSD-2-Clause
#pragma once

#define CHILD_ARGUMENT 0       // x[] of the thread's argument, which is the first of a foreign call: rdi
#define CHILD_SECOND   1       // of the second argument: rsi
#define CHILD_MARKED   11      // of one that no call touches: r15
#define CHILD_FLAGS    0xcd5u  // what stays of a `pstate` with every bit set
