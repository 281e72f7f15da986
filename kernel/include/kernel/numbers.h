// What assembly has to know of C: where members are, and values of enumerations. Each architecture's numbers.c lists its own
// besides these. Nothing of it is linked: the compiler writes the numbers into a section, the build makes that the header
// <numbers.h>, which assembly includes.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/stacks.h>
#include <kernel/syscall.h>

#define NUMBER(name, value)                                                                                  \
    __asm__ volatile(".pushsection .numbers, \"a\"; .ascii \"#define " #name " %c0\\n\"; .popsection" ::"i"(value))
#define OFFSET(name, type, member) NUMBER(name, offsetof(struct type, member))
// That assembly reaches with one instruction, or one after the other.
#define ADJACENT(type, member, next)                                                                                \
    _Static_assert(offsetof(struct type, next) == offsetof(struct type, member) + sizeof(((struct type *)0)->member), \
                   "assembly takes " #member " and " #next " together")

static inline void common_numbers(void)
{
    // Of the first core, in pages.
    NUMBER(KERNEL_STACK_END, offsetof(struct core_stacks, panic_guard) / PAGE_SIZE);
    NUMBER(STATUS_REPEAT, STATUS_REPEAT);
    OFFSET(CORE_CURRENT, core, current);
    OFFSET(CORE_KERNEL_STACK, core, kernel_stack);
    OFFSET(CORE_PANIC_STACK, core, panic_stack);
    OFFSET(CORE_TOP, core, top);
    OFFSET(CORE_THREADS, core, threads);
    OFFSET(CORE_THREAD_COUNT, core, thread_count);
    OFFSET(COMPONENT_ROOT, component, vspace.root);
    OFFSET(COMPONENT_ACCOUNT, component, account);
    OFFSET(COMPONENT_CORE, component, core);
    OFFSET(ENDPOINT_RECEIVER, endpoint, receiver);
    OFFSET(NOTIFICATION_RECEIVER, notification, receiver);
    OFFSET(NOTIFICATION_PENDING, notification, pending);
    OFFSET(CAP_TYPE, cap, type);
    OFFSET(CAP_RIGHTS, cap, rights);
    OFFSET(CAP_BADGE, cap, badge);
    NUMBER(CAP_ENDPOINT, CAP_ENDPOINT);
    NUMBER(CAP_NOTIFICATION, CAP_NOTIFICATION);

    OFFSET(THREAD_CAPS, thread, caps);
    OFFSET(THREAD_CAP_LIMIT, thread, cap_limit);
    OFFSET(THREAD_ORDER, thread, arrived);
    OFFSET(THREAD_ARRIVED, thread, arrived);
    OFFSET(THREAD_PRIORITY, thread, priority);
    OFFSET(THREAD_CALL, thread, call);
    OFFSET(THREAD_STATE, thread, state);
    OFFSET(THREAD_TOKEN, thread, token);
    OFFSET(THREAD_SERVER, thread, server);
    OFFSET(THREAD_COMPONENT, thread, component);
    OFFSET(THREAD_SCHED_CONTEXT, thread, sched_context);
    OFFSET(THREAD_CHARGE, thread, charge);
    OFFSET(THREAD_TIMEOUT, thread, timeout);
    OFFSET(THREAD_LENDS, thread, lends);
    OFFSET(THREAD_LEND, thread, lend);
    NUMBER(CALL_FAULT, CALL_FAULT);
    NUMBER(THREAD_READY, THREAD_READY);
    NUMBER(THREAD_AWAITING, THREAD_AWAITING);
    NUMBER(THREAD_RECEIVING, THREAD_RECEIVING);
}

_Static_assert((SYS_COUNT & (SYS_COUNT - 1)) == 0, "assembly cuts numbers to it with a mask");
_Static_assert(offsetof(struct thread, frame) == 0, "the stack pointer of an entry is the thread");
// Four bytes compared as one number, in which a thread that waits is made from one that runs.
ADJACENT(thread, arrived, priority);
ADJACENT(thread, priority, call);
ADJACENT(thread, call, state);
_Static_assert(THREAD_RECEIVING == (THREAD_READY | 4), "assembly makes the one from the other");
// Cleared with one store of eight bytes.
ADJACENT(thread, timeout, lends);
_Static_assert(offsetof(struct thread, timeout) % 8 == 0 && offsetof(struct thread, lend) == offsetof(struct thread, timeout) + 8,
               "nothing else is in those bytes");
// A slot, read as words.
_Static_assert(offsetof(struct cap, generation) == 8 && offsetof(struct cap, type) == 12 && offsetof(struct cap, rights) == 13 &&
                   offsetof(struct cap, timeout) == 14 && sizeof(struct cap) == 32 && RIGHT_CALL == 1 << 3,
               "assembly has it so");
