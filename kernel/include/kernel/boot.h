// From the first C function to the first user instruction.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/object.h>

// A core other than the first starts what is at home there. Returns its first thread.
struct thread *kernel_start_core(struct core *core);

// Starts everything. `firmware`: the physical address of what firmware or loader hands on, see facts.h; 0: nothing. Returns the
// first thread.
struct thread *kernel_main(paddr_t firmware);
