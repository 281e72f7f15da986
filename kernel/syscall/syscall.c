// The table from numbers to handlers.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/syscall.h>

#include "handlers.h"

#include <arch/cpu.h>
#include <kernel/cap.h>
#include <kernel/component.h>
#include <kernel/inspect.h>
#include <kernel/lend.h>

// What a call asks of the capability that its first argument names, if of any; and how many result registers it clears where
// it is refused. CAP_TYPES: a capability of any type.
struct checked_call {
    syscall_handler *handler;
    uint8_t type, rights, results;
};

static const struct checked_call calls[SYS_COUNT] = {
    [SYS_CALL] = {sys_call},
    [SYS_REPLY_WAIT] = {sys_reply_wait},
    [SYS_REPLY] = {sys_reply},
    [SYS_POLL] = {sys_poll},
    [SYS_SIGNAL] = {sys_signal},
    [SYS_COPY_IN] = {sys_copy_in},
    [SYS_COPY_OUT] = {sys_copy_out},
    [SYS_TIMER_SET] = {sys_timer_set, CAP_TIMER, RIGHT_CALL},
    [SYS_ENTROPY] = {sys_entropy, CAP_ENTROPY, RIGHT_CALL, .results = 4},
    [SYS_YIELD] = {sys_yield},
    [SYS_EXIT] = {sys_exit},
    [SYS_READY] = {sys_ready},
    [SYS_COMPONENT_STATE] = {sys_component_state, CAP_COMPONENT, RIGHT_READ, .results = INSPECT_WORDS},
    [SYS_COMPONENT_CONTROL] = {sys_component_control, CAP_COMPONENT, RIGHT_CONTROL},
    [SYS_FRAME_READ] = {sys_frame_read, CAP_THREAD, RIGHT_READ},
    [SYS_FRAME_WRITE] = {sys_frame_write, CAP_THREAD, RIGHT_WRITE},
    [SYS_CAP_DROP] = {sys_cap_drop},
    [SYS_CAP_REVOKE] = {sys_cap_revoke, CAP_TYPES, RIGHT_REVOKE},
    [SYS_CONSOLE_WRITE] = {sys_console_write, CAP_CONSOLE, RIGHT_CALL},
    [SYS_POWER] = {sys_power, CAP_POWER, RIGHT_CALL},
    [SYS_INSPECT] = {sys_inspect, CAP_INSPECT, RIGHT_CALL, .results = INSPECT_WORDS},
    [SYS_POOL_CREATE] = {sys_pool_create, CAP_POOL, RIGHT_CALL, .results = 1},
    [SYS_POOL_DESTROY] = {sys_pool_destroy, CAP_POOL, RIGHT_CALL},
    [SYS_UNMAP] = {sys_unmap, CAP_REGION},
    [SYS_OBJECT_SET] = {sys_object_set},
    [SYS_CAP_COPY] = {sys_cap_copy, CAP_TYPES, RIGHT_GRANT},
};

quick_handler *const quick_handlers[SYS_COUNT] = {
    [SYS_COPY_IN] = lend_copy_in_quick,
    [SYS_COPY_OUT] = lend_copy_out_quick,
    [SYS_INTERRUPT_ACK] = sys_interrupt_ack,
    [SYS_CLOCK] = sys_clock,
    [SYS_REGION_INFO] = sys_region_info,
    [SYS_MAP] = sys_map,
    [SYS_PORT_READ] = sys_port_read,
    [SYS_PORT_WRITE] = sys_port_write,
};

static enum status check_and_call(struct thread *thread, const struct checked_call *call)
{
    struct cap *cap = NULL;
    enum status status = STATUS_OK;

    if (call->type != CAP_NONE)
        status = cap_find(thread->component, frame_get(&thread->frame, 0), call->type, call->rights, &cap);
    if (status == STATUS_OK)
        return call->handler(thread, cap);
    for (unsigned i = 1; i <= call->results; i++)
        frame_set(&thread->frame, i, 0);
    return status;
}

enum status syscall_dispatch(struct thread *thread, uint64_t number)
{
    if (UNLIKELY(thread->reflect)) {
        thread_fault(thread->core, thread, FAULT_FOREIGN_CALL, number, 0);
        return STATUS_NONE;
    }
    if (number >= SYS_COUNT)
        return STATUS_BAD_SYSCALL;
    number = arch_index(number, SYS_COUNT);
    if (calls[number].handler)
        return check_and_call(thread, &calls[number]);
    return (enum status)quick_call(quick_handlers[number], thread);
}
