// Guests: the portable part. A virtual CPU that has nothing to do is parked on a scheduling context of its own, which is
// replenished when its timer fires; so it stands where every other thread does that waits to run, and all that ends or
// moves threads knows it.
// SPDX-License-Identifier: BSD-2-Clause
#include <vm/guest.h>

#include <kernel/cap.h>
#include <kernel/sched.h>
#include <kernel/thread_list.h>
#include <kernel/timer.h>

void guest_core_init(struct core *core)
{
    arch_guest_core_init(core);
    for (uint32_t i = 0; i < layout_guest_count; i++) {
        if (components[layout_guests[i].component].core == core)
            arch_guest_map(&layout_guests[i]);
    }
}

static void start(struct thread *thread, struct vcpu *vcpu)
{
    vcpu->generation = thread->component->generation;
    arch_vcpu_reset(thread);
    vcpu->refused = 0;
    vcpu->timer = 0;
    vcpu->sleep.budget = 1; // replenished, it is not dry
    vcpu->sleep.replenish.sched_context = &vcpu->sleep;
}

void guest_run(struct core *core, struct thread *thread)
{
    struct vcpu *vcpu = vcpu_of(thread);

    if (vcpu->generation != thread->component->generation)
        start(thread, vcpu);
    arch_vcpu_timer(core, vcpu);
    arch_guest_enter(core, thread);
}

void guest_halt(struct core *core, struct thread *thread)
{
    struct vcpu *vcpu = vcpu_of(thread);
    nanos_t alarm = arch_vcpu_alarm(vcpu);

    if (arch_vcpu_interrupt_pending(vcpu) || alarm == 0)
        return;
    timer_cancel(core, &vcpu->sleep.replenish);
    if (alarm != NEVER)
        timer_arm(core, &vcpu->sleep.replenish, arch_clock() + alarm);
    core->rearm = true;
    core->current = NULL;
    thread->queued = true;
    thread->parked_on = &vcpu->sleep;
    thread_list_append(&vcpu->sleep.parked, thread);
}

static void wake(struct thread *thread)
{
    if (thread->parked_on != &vcpu_of(thread)->sleep)
        return;
    sched_remove(thread);
    sched_ready(thread);
}

#define WORD_BITS (GUEST_INTERRUPT | GUEST_INTERRUPT_FLAGS | 0xffull << GUEST_INTERRUPT_PRIORITY_SHIFT | GUEST_INTERRUPT_NUMBER)

static enum status set(struct thread *thread, uint64_t word, bool on)
{
    if (!(word & GUEST_INTERRUPT) || word & ~WORD_BITS)
        return STATUS_BAD_ARGUMENT;
    enum status status = arch_vcpu_interrupt(vcpu_of(thread), word, on);

    if (status == STATUS_OK && on)
        wake(thread); // a timer may fire already
    return status;
}

enum status guest_set_interrupt(struct thread *thread, uint64_t what)
{
    const struct arch_frame *frame = &thread->frame;
    uint64_t word = frame_get(frame, 2), on = frame_get(frame, 3);
    struct cap *cap;

    if (what != SET_INTERRUPT)
        return STATUS_BAD_ARGUMENT;
    enum status status = cap_find(thread->component, frame_get(frame, 0), CAP_THREAD, RIGHT_WRITE, &cap);

    if (status != STATUS_OK)
        return status;
    struct thread *target = CONTAINER_OF(cap->object, struct thread, head);

    if (!thread_is_guest(target))
        return STATUS_BAD_TYPE;
    if (on > 1)
        return STATUS_BAD_ARGUMENT;
    if (target->component->core != thread->core)
        return STATUS_DENIED;
    // One that has not begun yet, or has ended, would lose it.
    if (target->component->state != COMPONENT_RUNNING || vcpu_of(target)->generation != target->component->generation)
        return STATUS_BUSY;
    return set(target, word, on);
}

uint64_t guest_refused(struct thread *thread)
{
    if (!thread_is_guest(thread))
        return 0;
    uint64_t refused = vcpu_of(thread)->refused;

    vcpu_of(thread)->refused = 0;
    return refused;
}

void guest_answer(struct thread *thread, const struct arch_frame *answer, uint64_t result)
{
    uint64_t interrupt = frame_get(answer, FRAME_WORD + 1);

    if (!thread_is_guest(thread))
        return;
    arch_guest_answer(thread, result, frame_get(answer, FRAME_WORD), frame_get(answer, FRAME_WORD + 2));
    if (interrupt && set(thread, interrupt, true) != STATUS_OK)
        vcpu_of(thread)->refused = interrupt;
}
