// What this architecture's assembly has to know of C.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/numbers.h>

void numbers(void)
{
    common_numbers();
    NUMBER(CACHE_LINE, CACHE_LINE);
    NUMBER(CORE_LINES, sizeof(struct core) / CACHE_LINE); // the compiler takes numbers below 2,048 only
    OFFSET(CORE_HARDWARE_ID, core, hardware_id);
    OFFSET(FRAME_PC, arch_frame, pc);
    OFFSET(FRAME_STATUS, arch_frame, status);
}

_Static_assert(offsetof(struct arch_fpu, fcsr) == 256, "fpu_registers.S");
