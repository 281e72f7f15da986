// System calls on interrupts, timers, the clock, entropy, regions and ports.
// SPDX-License-Identifier: BSD-2-Clause
#include "handlers.h"

#include <arch/cpu.h>
#include <arch/ports.h>
#include <kernel/cap.h>
#include <kernel/entropy.h>
#include <kernel/interrupt.h>
#include <kernel/timer.h>

struct kobject clock_object = {.generation = 1, .type = CAP_CLOCK};

uint64_t sys_interrupt_ack(uint64_t slot, uint64_t b, uint64_t c, uint64_t d, uint64_t e, struct thread *thread)
{
    struct cap *cap;
    enum status status = cap_find(thread->component, slot, CAP_INTERRUPT, RIGHT_CALL, &cap);

    if (status == STATUS_OK)
        interrupt_acknowledge(CONTAINER_OF(cap->object, struct interrupt, head));
    return status;
}

enum status sys_timer_set(struct thread *thread, struct cap *cap)
{
    struct timer *timer = CONTAINER_OF(cap->object, struct timer, head);
    nanos_t when = frame_get(&thread->frame, 1);

    if (when)
        timer_arm(thread->core, timer, when);
    else
        timer_cancel(thread->core, timer);
    thread->core->rearm = true;
    return STATUS_OK;
}

uint64_t sys_clock(uint64_t slot, uint64_t b, uint64_t c, uint64_t d, uint64_t e, struct thread *thread)
{
    struct cap *cap;
    enum status status = cap_find(thread->component, slot, CAP_CLOCK, RIGHT_CALL, &cap);

    frame_set(&thread->frame, 1, status == STATUS_OK ? arch_clock() : 0);
    return status;
}

enum status sys_entropy(struct thread *thread, struct cap *cap)
{
    uint64_t words[4] = {0};
    bool drawn = entropy_draw(words);

    for (unsigned i = 0; i < 4; i++)
        frame_set(&thread->frame, 1 + i, words[i]);
    return drawn ? STATUS_OK : STATUS_BUSY;
}

uint64_t sys_region_info(uint64_t slot, uint64_t b, uint64_t c, uint64_t d, uint64_t e, struct thread *thread)
{
    struct cap *cap;
    enum status status = cap_find(thread->component, slot, CAP_REGION, 0, &cap);
    struct region empty = {0}, *region = &empty;

    if (status == STATUS_OK)
        region = CONTAINER_OF(cap->object, struct region, head);
    frame_set(&thread->frame, 1, region->bytes);
    frame_set(&thread->frame, 2, status == STATUS_OK && (cap->rights & RIGHT_DMA) ? region->base : 0);
    frame_set(&thread->frame, 3, region->address);
    return status;
}

uint64_t sys_port_read(uint64_t slot, uint64_t offset, uint64_t width, uint64_t d, uint64_t e, struct thread *thread)
{
    uint32_t value = 0;
    struct cap *cap;
    enum status status = cap_find(thread->component, slot, CAP_PORTS, RIGHT_READ, &cap);

    if (status == STATUS_OK)
        status = arch_ports_read(CONTAINER_OF(cap->object, struct ports, head), offset, width, &value);
    frame_set(&thread->frame, 1, value);
    return status;
}

uint64_t sys_port_write(uint64_t slot, uint64_t offset, uint64_t width, uint64_t value, uint64_t e, struct thread *thread)
{
    struct cap *cap;
    enum status status = cap_find(thread->component, slot, CAP_PORTS, RIGHT_WRITE, &cap);

    if (status == STATUS_OK)
        status = arch_ports_write(CONTAINER_OF(cap->object, struct ports, head), offset, width, (uint32_t)value);
    return status;
}
