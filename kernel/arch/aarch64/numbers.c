// What this architecture's assembly has to know of C.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/numbers.h>

void numbers(void)
{
    common_numbers();
    OFFSET(FRAME_SP, arch_frame, sp);
    OFFSET(FRAME_PC, arch_frame, pc);
    OFFSET(FRAME_PSTATE, arch_frame, pstate);
    OFFSET(FRAME_TLS, arch_frame, tls);
}

ADJACENT(arch_frame, sp, pc);
ADJACENT(arch_frame, pc, pstate);
ADJACENT(arch_frame, pstate, tls);
ADJACENT(core, threads, thread_count);
ADJACENT(thread, caps, cap_limit);
ADJACENT(thread, cap_limit, arrived);
ADJACENT(thread, token, server);
ADJACENT(thread, component, sched_context);
_Static_assert(offsetof(struct arch_fpu, fpcr) == 512, "fpu_registers.S");
_Static_assert(sizeof(struct thread) % 16 == 0, "SP_EL1 stays aligned");
