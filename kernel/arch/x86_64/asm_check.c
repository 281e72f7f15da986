// The offsets that assembly uses, held against the structures.
// SPDX-License-Identifier: BSD-2-Clause
#include "registers.h"

#include <kernel/object.h>

_Static_assert(offsetof(struct thread, frame) == 0, "core->current points at the frame");
_Static_assert(offsetof(struct arch_frame, rax) == FRAME_RAX && offsetof(struct arch_frame, rcx) == FRAME_RCX &&
                   offsetof(struct arch_frame, r11) == FRAME_R11 && offsetof(struct arch_frame, tls) == FRAME_TLS &&
                   offsetof(struct arch_frame, rip) == FRAME_RIP && offsetof(struct arch_frame, cs) == FRAME_CS &&
                   offsetof(struct arch_frame, rflags) == FRAME_RFLAGS && offsetof(struct arch_frame, rsp) == FRAME_RSP &&
                   offsetof(struct arch_frame, ss) == FRAME_SS,
               "entry.S");
_Static_assert(offsetof(struct core, current) == CORE_CURRENT, "entry.S");
_Static_assert(offsetof(struct core, kernel_stack) == CORE_KERNEL_STACK, "entry.S");
_Static_assert(offsetof(struct core, panic_stack) == CORE_PANIC_STACK, "entry.S");
_Static_assert(offsetof(struct core, arch.user_sp) == CORE_USER_SP, "entry.S");
_Static_assert(offsetof(struct core, arch.pending) == CORE_PENDING, "entry.S");
_Static_assert(offsetof(struct core, arch.self) == 88, "arch_core()");
_Static_assert(offsetof(struct core, top) == CORE_TOP, "fastpath.S");
_Static_assert(offsetof(struct thread, caps) == THREAD_CAPS, "fastpath.S");
_Static_assert(offsetof(struct thread, cap_limit) == THREAD_CAP_LIMIT, "fastpath.S");
_Static_assert(offsetof(struct thread, arrived) == THREAD_ARRIVED && THREAD_ARRIVED == THREAD_ORDER &&
                   offsetof(struct thread, priority) == THREAD_PRIORITY && THREAD_PRIORITY == THREAD_ORDER + 1 &&
                   offsetof(struct thread, call) == THREAD_CALL && THREAD_CALL == THREAD_ORDER + 2 &&
                   offsetof(struct thread, state) == THREAD_STATE && THREAD_STATE == THREAD_ORDER + 3,
               "fastpath.S compares them as one number");
_Static_assert(offsetof(struct thread, token) == THREAD_TOKEN, "fastpath.S");
_Static_assert(offsetof(struct thread, component) == THREAD_COMPONENT, "fastpath.S");
_Static_assert(offsetof(struct thread, sched_context) == THREAD_SCHED_CONTEXT, "fastpath.S");
_Static_assert(offsetof(struct thread, charge) == THREAD_CHARGE, "fastpath.S");
_Static_assert(offsetof(struct thread, server) == THREAD_SERVER, "fastpath.S");
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
