// The table from numbers to handlers.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/syscall.h>

#include "handlers.h"

#include <arch/cpu.h>
#include <kernel/cap.h>
#include <kernel/component.h>
#include <kernel/lend.h>

static syscall_handler *const handlers[SYS_COUNT] = {
    [SYS_CALL] = sys_call,
    [SYS_REPLY_WAIT] = sys_reply_wait,
    [SYS_REPLY] = sys_reply,
    [SYS_POLL] = sys_poll,
    [SYS_SIGNAL] = sys_signal,
    [SYS_COPY_IN] = sys_copy_in,
    [SYS_COPY_OUT] = sys_copy_out,
    [SYS_TIMER_SET] = sys_timer_set,
    [SYS_ENTROPY] = sys_entropy,
    [SYS_YIELD] = sys_yield,
    [SYS_EXIT] = sys_exit,
    [SYS_READY] = sys_ready,
    [SYS_COMPONENT_STATE] = sys_component_state,
    [SYS_COMPONENT_CONTROL] = sys_component_control,
    [SYS_FRAME_READ] = sys_frame_read,
    [SYS_FRAME_WRITE] = sys_frame_write,
    [SYS_CAP_DROP] = sys_cap_drop,
    [SYS_CAP_REVOKE] = sys_cap_revoke,
    [SYS_CONSOLE_WRITE] = sys_console_write,
    [SYS_POWER] = sys_power,
    [SYS_INSPECT] = sys_inspect,
    [SYS_POOL_CREATE] = sys_pool_create,
    [SYS_POOL_DESTROY] = sys_pool_destroy,
    [SYS_UNMAP] = sys_unmap,
    [SYS_OBJECT_SET] = sys_object_set,
    [SYS_CAP_COPY] = sys_cap_copy,
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

enum status argument_cap(struct thread *thread, unsigned n, enum cap_type type, uint8_t rights, struct cap **cap)
{
    return cap_find(thread->component, frame_get(&thread->frame, n), type, rights, cap);
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
    if (handlers[number])
        return handlers[number](thread);
    return (enum status)quick_call(quick_handlers[number], thread);
}
