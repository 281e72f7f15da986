// System calls on interrupts, timers, the clock, entropy, regions and ports.
// SPDX-License-Identifier: BSD-2-Clause
#include "handlers.h"

#include <arch/cpu.h>
#include <kernel/cap.h>
#include <kernel/entropy.h>
#include <kernel/interrupt.h>
#include <kernel/notification.h>
#include <kernel/ports.h>
#include <kernel/sched.h>
#include <kernel/timer.h>

struct kobject clock_object = {.generation = 1, .type = CAP_CLOCK};

static enum status find(struct thread *thread, enum cap_type type, uint8_t rights, struct cap **cap)
{
    return cap_find(thread->component, frame_argument(&thread->frame, 0), type, rights, cap);
}

void sys_interrupt_ack(struct core *core, struct thread *thread)
{
    struct cap *cap;
    enum status status = find(thread, CAP_INTERRUPT, RIGHT_CALL, &cap);

    (void)core;
    if (status == STATUS_OK)
        interrupt_acknowledge(CONTAINER_OF(cap->object, struct interrupt, head));
    frame_set_result(&thread->frame, 0, status);
}

void sys_timer_set(struct core *core, struct thread *thread)
{
    nanos_t when = frame_argument(&thread->frame, 1);
    struct cap *cap;
    enum status status = find(thread, CAP_TIMER, RIGHT_CALL, &cap);

    if (status == STATUS_OK) {
        struct timer *timer = CONTAINER_OF(cap->object, struct timer, head);

        if (when)
            timer_arm(core, timer, when);
        else
            timer_cancel(core, timer);
        sched_rearm(core);
    }
    frame_set_result(&thread->frame, 0, status);
}

void sys_clock(struct core *core, struct thread *thread)
{
    struct cap *cap;
    enum status status = find(thread, CAP_CLOCK, RIGHT_CALL, &cap);

    (void)core;
    frame_set_result(&thread->frame, 0, status);
    frame_set_result(&thread->frame, 1, status == STATUS_OK ? arch_clock() : 0);
}

void sys_entropy(struct core *core, struct thread *thread)
{
    uint64_t words[4] = {0};
    struct cap *cap;
    enum status status = find(thread, CAP_ENTROPY, RIGHT_CALL, &cap);

    (void)core;
    if (status == STATUS_OK && !entropy_is_seeded() && !arch_entropy(words))
        status = STATUS_BUSY;
    if (status == STATUS_OK)
        entropy_draw(words);
    frame_set_result(&thread->frame, 0, status);
    for (unsigned i = 0; i < 4; i++)
        frame_set_result(&thread->frame, 1 + i, words[i]);
}

void sys_region_info(struct core *core, struct thread *thread)
{
    struct cap *cap;
    enum status status = find(thread, CAP_REGION, 0, &cap);
    struct region empty = {0}, *region = &empty;

    (void)core;
    if (status == STATUS_OK)
        region = CONTAINER_OF(cap->object, struct region, head);
    frame_set_result(&thread->frame, 0, status);
    frame_set_result(&thread->frame, 1, region->bytes);
    frame_set_result(&thread->frame, 2, status == STATUS_OK && (cap->rights & RIGHT_DMA) ? region->base : 0);
    frame_set_result(&thread->frame, 3, region->address);
}

void sys_port_read(struct core *core, struct thread *thread)
{
    uint32_t value = 0;
    struct cap *cap;
    enum status status = find(thread, CAP_PORTS, RIGHT_READ, &cap);

    (void)core;
    if (status == STATUS_OK)
        status = ports_read(CONTAINER_OF(cap->object, struct ports, head), frame_argument(&thread->frame, 1),
                            frame_argument(&thread->frame, 2), &value);
    frame_set_result(&thread->frame, 0, status);
    frame_set_result(&thread->frame, 1, value);
}

void sys_port_write(struct core *core, struct thread *thread)
{
    struct cap *cap;
    enum status status = find(thread, CAP_PORTS, RIGHT_WRITE, &cap);

    (void)core;
    if (status == STATUS_OK)
        status = ports_write(CONTAINER_OF(cap->object, struct ports, head), frame_argument(&thread->frame, 1),
                             frame_argument(&thread->frame, 2), (uint32_t)frame_argument(&thread->frame, 3));
    frame_set_result(&thread->frame, 0, status);
}
