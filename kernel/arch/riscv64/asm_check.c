// The offsets that assembly uses, held against the structures.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"

#include <kernel/object.h>

_Static_assert(offsetof(struct thread, frame) == 0, "sscratch points at the frame");
_Static_assert(offsetof(struct arch_frame, pc) == FRAME_PC, "entry.S");
_Static_assert(offsetof(struct arch_frame, status) == FRAME_STATUS, "entry.S");
_Static_assert(offsetof(struct core, current) == CORE_CURRENT, "entry.S");
_Static_assert(offsetof(struct core, kernel_stack) == CORE_KERNEL_STACK, "entry.S");
_Static_assert(offsetof(struct thread, component) == THREAD_COMPONENT, "entry.S");
_Static_assert(offsetof(struct component, core) == COMPONENT_CORE, "entry.S");
_Static_assert(offsetof(struct arch_fpu, fcsr) == 256, "fpu_registers.S");
