// The offsets that assembly uses, held against the structures.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"

#include <kernel/object.h>

_Static_assert(offsetof(struct thread, frame) == 0, "SP_EL1 points at the frame");
_Static_assert(offsetof(struct arch_frame, sp) == FRAME_SP, "entry.S");
_Static_assert(offsetof(struct arch_frame, pc) == FRAME_PC, "entry.S");
_Static_assert(offsetof(struct arch_frame, pstate) == FRAME_PC + 8, "entry.S");
_Static_assert(offsetof(struct arch_frame, tls) == FRAME_TLS, "entry.S");
_Static_assert(offsetof(struct core, current) == CORE_CURRENT, "entry.S");
_Static_assert(offsetof(struct core, kernel_stack) == CORE_KERNEL_STACK, "entry.S");
_Static_assert(offsetof(struct arch_fpu, fpcr) == 512, "fpu_registers.S");
_Static_assert(sizeof(struct thread) % 16 == 0, "SP_EL1 stays aligned");
