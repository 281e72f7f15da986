// Places in struct thread_registers on riscv64: x[i] is register x(i + 1). SPDX-License-Identifier:
// BSD-2-Clause
#pragma once

#define CHILD_ARGUMENT \
    9  // x[] of the thread's argument, which is the first of a foreign call and its result: a0
#define CHILD_SECOND 10  // of the second argument: a1
#define CHILD_MARKED 26  // of one that no call touches: s11
#define CHILD_FLAGS  0u  // what stays of a `pstate` with every bit set
