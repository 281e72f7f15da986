// The IPC system calls: registers to endpoint operations and back.
// SPDX-License-Identifier: BSD-2-Clause
#include "handlers.h"

#include <arch/cpu.h>
#include <kernel/cap.h>
#include <kernel/endpoint.h>
#include <kernel/lend.h>
#include <kernel/notification.h>
#include <kernel/sched.h>

// A call that did not happen returns its status where a reply would: in the info word, the rest zero.
static void fail_call(struct thread *thread, enum status status)
{
    frame_set_ipc(&thread->frame, FRAME_INFO, (uint64_t)status << INFO_KIND_SHIFT);
    frame_set_ipc(&thread->frame, FRAME_TOKEN, 0);
    for (unsigned i = 0; i < MESSAGE_WORDS; i++)
        frame_set_ipc(&thread->frame, FRAME_WORD + i, 0);
    frame_clear_scratch(&thread->frame);
}

void sys_call(struct core *core, struct thread *thread)
{
    uint64_t slot = frame_ipc(&thread->frame, FRAME_INFO) >> INFO_SLOT_SHIFT;
    struct cap *cap;
    enum status status = cap_find_callable(thread->component, slot, CAP_ENDPOINT, &cap);

    if (status == STATUS_OK)
        status = endpoint_call(core, thread, cap);
    if (status != STATUS_OK)
        fail_call(thread, status);
}

void sys_reply_wait(struct core *core, struct thread *thread)
{
    uint64_t token = frame_ipc(&thread->frame, FRAME_TOKEN);
    struct thread *caller = NULL;

    // Too late is not an error here: the server goes on to its next client.
    if (token && endpoint_reply(thread, token, &caller) != STATUS_OK)
        caller = NULL;
    if (core->current != thread)
        return; // stopping the faulting thread ended this component as well
    endpoint_receive(core, thread, false);
    if (caller == NULL)
        return;
    if (thread->state == THREAD_RECEIVING)
        sched_switch(core, caller);
    else
        sched_ready(caller);
}

void sys_reply(struct core *core, struct thread *thread)
{
    struct thread *caller;
    enum status status = endpoint_reply(thread, frame_ipc(&thread->frame, FRAME_TOKEN), &caller);

    (void)core;
    frame_set_result(&thread->frame, 0, status);
    if (caller)
        sched_ready(caller);
}

void sys_poll(struct core *core, struct thread *thread)
{
    endpoint_receive(core, thread, true);
}

void sys_signal(struct core *core, struct thread *thread)
{
    struct cap *cap;
    enum status status = cap_find_callable(thread->component, frame_argument(&thread->frame, 0), CAP_NOTIFICATION, &cap);

    (void)core;
    if (status == STATUS_OK)
        notification_send(CONTAINER_OF(cap->object, struct notification, head), cap->badge);
    frame_set_result(&thread->frame, 0, status);
    frame_clear_scratch(&thread->frame); // the fast path that came here first has used them
}

// Chunk by chunk; between two chunks the call goes back to user space with what is left, so interrupts and cancels
// come in. The arguments are the progress.
static void copy(struct thread *thread, uint8_t right)
{
    struct arch_frame *frame = &thread->frame;
    uint64_t offset = frame_argument(frame, 2), address = frame_argument(frame, 3), bytes = frame_argument(frame, 4);
    enum status status;

    do {
        uint64_t done;

        status = lend_copy(thread->component, frame_argument(frame, 0), frame_argument(frame, 1), offset, address,
                           bytes, right, &done);
        offset += done;
        address += done;
        bytes -= done;
    } while (status == STATUS_OK && bytes > 0 && !arch_interrupt_pending());
    if (status == STATUS_OK && bytes > 0) {
        frame_set_argument(frame, 2, offset);
        frame_set_argument(frame, 3, address);
        frame_set_argument(frame, 4, bytes);
        frame_repeat_syscall(frame);
        return;
    }
    frame_set_result(frame, 0, status);
}

void sys_copy_in(struct core *core, struct thread *thread)
{
    (void)core;
    copy(thread, RIGHT_READ);
}

void sys_copy_out(struct core *core, struct thread *thread)
{
    (void)core;
    copy(thread, RIGHT_WRITE);
}
