// Places in struct thread_registers on aarch64. SPDX-License-Identifier: BSD-2-Clause
#pragma once

#define CHILD_ARGUMENT 0  // x[] of the thread's argument, which is the first of a foreign call and its result
#define CHILD_SECOND   1  // of the second argument
#define CHILD_MARKED   27           // of one that no call touches
#define CHILD_FLAGS    0xf0000000u  // what stays of a `pstate` with every bit set
