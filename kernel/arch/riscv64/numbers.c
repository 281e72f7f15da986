// What this architecture's assembly has to know of C.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/numbers.h>

void numbers(void)
{
    common_numbers();
    OFFSET(FRAME_PC, arch_frame, pc);
    OFFSET(FRAME_STATUS, arch_frame, status);
}

_Static_assert(offsetof(struct arch_fpu, fcsr) == 256, "fpu_registers.S");
