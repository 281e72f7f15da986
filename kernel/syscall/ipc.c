// The IPC system calls: registers to endpoint operations and back.
// SPDX-License-Identifier: BSD-2-Clause
#include "handlers.h"

#include <arch/cpu.h>
#include <kernel/cap.h>
#include <kernel/endpoint.h>
#include <kernel/lend.h>
#include <kernel/notification.h>
#include <kernel/sched.h>

enum status sys_call(struct thread *thread, struct cap *cap)
{
    uint64_t slot = frame_get(&thread->frame, FRAME_INFO) >> INFO_SLOT_SHIFT;
    enum status status = cap_find_callable(thread->component, slot, CAP_ENDPOINT, &cap);

    if (status == STATUS_OK)
        status = endpoint_call(thread->core, thread, cap);
    // One that did not happen returns its status where a reply would.
    if (status != STATUS_OK)
        endpoint_put_event(thread, status, 0, 0);
    return STATUS_NONE;
}

enum status sys_reply_wait(struct thread *thread, struct cap *cap)
{
    uint64_t token = frame_get(&thread->frame, FRAME_TOKEN);
    struct thread *caller = NULL;

    // Too late is not an error here: the server goes on to its next client.
    if (token && endpoint_reply(thread, token, &caller) == STATUS_OK && thread->core->current != thread)
        return STATUS_NONE; // stopping the faulting thread ended this component as well
    endpoint_receive(thread, false);
    if (caller && thread->state == THREAD_RECEIVING)
        sched_switch(thread->core, caller);
    else if (caller)
        sched_ready(caller);
    return STATUS_NONE;
}

enum status sys_reply(struct thread *thread, struct cap *cap)
{
    struct thread *caller;
    enum status status = endpoint_reply(thread, frame_get(&thread->frame, FRAME_TOKEN), &caller);

    if (caller)
        sched_ready(caller);
    return status;
}

enum status sys_poll(struct thread *thread, struct cap *cap)
{
    endpoint_receive(thread, true);
    return STATUS_NONE;
}

enum status sys_signal(struct thread *thread, struct cap *cap)
{
    enum status status = cap_find_callable(thread->component, frame_get(&thread->frame, 0), CAP_NOTIFICATION, &cap);

    if (status == STATUS_OK)
        notification_send(CONTAINER_OF(cap->object, struct notification, head), cap->badge);
    frame_clear_scratch(&thread->frame); // the fast path that came here first has used them
    return status;
}

// Chunk by chunk; between two chunks the call goes back to user space with what is left, so interrupts and cancels
// come in. The arguments are the progress.
static enum status copy(struct thread *thread, uint8_t right)
{
    struct arch_frame *frame = &thread->frame;
    uint64_t offset = frame_get(frame, 2), address = frame_get(frame, 3), bytes = frame_get(frame, 4);
    enum status status;

    do {
        uint64_t done;

        status = lend_copy(thread->component, frame_get(frame, 0), frame_get(frame, 1), offset, address,
                           bytes, right, &done);
        offset += done;
        address += done;
        bytes -= done;
    } while (status == STATUS_OK && bytes > 0 && !arch_interrupt_pending());
    if (status != STATUS_OK || bytes == 0)
        return status;
    frame_set(frame, 2, offset);
    frame_set(frame, 3, address);
    frame_set(frame, 4, bytes);
    return STATUS_REPEAT;
}

enum status sys_copy_in(struct thread *thread, struct cap *cap)
{
    return copy(thread, RIGHT_READ);
}

enum status sys_copy_out(struct thread *thread, struct cap *cap)
{
    return copy(thread, RIGHT_WRITE);
}
