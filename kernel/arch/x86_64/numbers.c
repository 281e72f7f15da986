// What this architecture's assembly has to know of C.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/numbers.h>

void numbers(void)
{
    common_numbers();
    OFFSET(FRAME_RAX, arch_frame, rax);
    OFFSET(FRAME_RCX, arch_frame, rcx);
    OFFSET(FRAME_R11, arch_frame, r11);
    OFFSET(FRAME_TLS, arch_frame, tls);
    OFFSET(FRAME_RIP, arch_frame, pc);
    OFFSET(FRAME_CS, arch_frame, cs);
    OFFSET(FRAME_RFLAGS, arch_frame, rflags);
    OFFSET(FRAME_RSP, arch_frame, rsp);
    OFFSET(FRAME_SS, arch_frame, ss);
    OFFSET(CORE_USER_SP, core, arch.user_sp);
    OFFSET(CORE_PENDING, core, arch.pending);
}

_Static_assert(offsetof(struct core, arch.self) == 88, "arch_core()");
