// The offsets that assembly uses, held against the structures.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"

#include <kernel/object.h>

_Static_assert(offsetof(struct thread, frame) == 0, "SP_EL1 points at the frame");
_Static_assert(offsetof(struct arch_frame, sp) == FRAME_SP, "entry.S");
_Static_assert(offsetof(struct arch_frame, pc) == FRAME_PC, "entry.S");
_Static_assert(offsetof(struct arch_frame, pstate) == FRAME_PSTATE && FRAME_PSTATE == FRAME_PC + 8, "entry.S");
_Static_assert(offsetof(struct arch_frame, tls) == FRAME_TLS, "entry.S");
_Static_assert(offsetof(struct core, current) == CORE_CURRENT, "entry.S");
_Static_assert(offsetof(struct core, kernel_stack) == CORE_KERNEL_STACK, "entry.S");
_Static_assert(offsetof(struct core, panic_stack) == CORE_PANIC_STACK, "entry.S");
_Static_assert(offsetof(struct arch_fpu, fpcr) == 512, "fpu_registers.S");
_Static_assert(sizeof(struct thread) % 16 == 0, "SP_EL1 stays aligned");
_Static_assert(offsetof(struct core, top) == CORE_TOP, "fastpath.S");
_Static_assert(offsetof(struct core, threads) == CORE_THREADS && offsetof(struct core, thread_count) == CORE_THREADS + 8,
               "fastpath.S");
_Static_assert(offsetof(struct thread, caps) == THREAD_CAPS, "fastpath.S");
_Static_assert(offsetof(struct thread, cap_limit) == THREAD_CAP_LIMIT, "fastpath.S");
_Static_assert(offsetof(struct thread, arrived) == THREAD_ARRIVED && THREAD_ARRIVED == THREAD_ORDER &&
                   offsetof(struct thread, priority) == THREAD_PRIORITY && THREAD_PRIORITY == THREAD_ORDER + 1 &&
                   offsetof(struct thread, call) == THREAD_CALL && THREAD_CALL == THREAD_ORDER + 2 &&
                   offsetof(struct thread, state) == THREAD_STATE && THREAD_STATE == THREAD_ORDER + 3,
               "fastpath.S compares them as one number");
_Static_assert(offsetof(struct thread, token) == THREAD_TOKEN, "fastpath.S");
_Static_assert(offsetof(struct thread, server) == THREAD_TOKEN + 8, "fastpath.S");
_Static_assert(offsetof(struct thread, component) == THREAD_COMPONENT, "fastpath.S");
_Static_assert(offsetof(struct thread, sched_context) == THREAD_SCHED_CONTEXT &&
                   THREAD_SCHED_CONTEXT == THREAD_COMPONENT + 8,
               "fastpath.S");
_Static_assert(offsetof(struct thread, charge) == THREAD_CHARGE && THREAD_CHARGE == THREAD_SCHED_CONTEXT + 8, "fastpath.S");
_Static_assert(offsetof(struct thread, timeout) == THREAD_TIMEOUT && THREAD_TIMEOUT % 8 == 0 &&
                   offsetof(struct thread, lends) == THREAD_TIMEOUT + 4 &&
                   offsetof(struct thread, head) == THREAD_TIMEOUT + 8,
               "fastpath.S clears timeout and lends with one store");
_Static_assert(offsetof(struct endpoint, receiver) == ENDPOINT_RECEIVER, "fastpath.S");
_Static_assert(offsetof(struct cap, badge) == CAP_BADGE && offsetof(struct cap, generation) == 8 &&
                   offsetof(struct cap, type) == 12 && offsetof(struct cap, rights) == 13 &&
                   offsetof(struct cap, timeout) == 14,
               "fastpath.S reads the slot as two words");
_Static_assert(offsetof(struct component, vspace.root) == COMPONENT_ROOT, "fastpath.S");
_Static_assert(offsetof(struct component, account) == COMPONENT_ACCOUNT, "fastpath.S");
_Static_assert(STATE_RECEIVING == (STATE_READY | 4), "fastpath.S makes the one from the other");
_Static_assert(THREAD_READY == STATE_READY && THREAD_RECEIVING == STATE_RECEIVING && THREAD_AWAITING == STATE_AWAITING &&
                   CAP_ENDPOINT == CAP_TYPE_ENDPOINT && RIGHT_CALL == 1 << 3,
               "fastpath.S");
_Static_assert(offsetof(struct notification, receiver) == NOTIFICATION_RECEIVER &&
                   offsetof(struct notification, pending) == NOTIFICATION_PENDING &&
                   CAP_NOTIFICATION == CAP_TYPE_NOTIFICATION,
               "fastpath.S");
