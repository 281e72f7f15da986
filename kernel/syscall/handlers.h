// The handlers behind the system call numbers. Each reads its arguments from the thread's frame, leaves there what it returns
// besides the status, and returns that. The thread is the one that runs on this core, its home; `cap` is what its first
// argument names, and has the type and the rights that the table asks for.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <kernel/syscall.h>

typedef enum status syscall_handler(struct thread *thread, struct cap *cap);

syscall_handler sys_call, sys_reply_wait, sys_reply, sys_poll, sys_signal, sys_copy_in, sys_copy_out; // ipc.c
syscall_handler sys_timer_set, sys_entropy;                                                           // devices.c
quick_handler sys_interrupt_ack, sys_clock, sys_region_info, sys_port_read, sys_port_write;
syscall_handler sys_console_write, sys_power, sys_inspect;                                           // system.c
syscall_handler sys_yield, sys_exit, sys_ready, sys_component_state, sys_component_control;           // components.c
syscall_handler sys_frame_read, sys_frame_write;
syscall_handler sys_cap_drop, sys_cap_revoke, sys_cap_copy;                                           // caps.c
syscall_handler sys_pool_create, sys_pool_destroy, sys_unmap, sys_object_set;                      // memory.c
quick_handler sys_map;
