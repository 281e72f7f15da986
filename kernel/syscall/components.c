// System calls on components and threads.
// SPDX-License-Identifier: BSD-2-Clause
#include "handlers.h"

#include <arch/cpu.h>
#include <kernel/component.h>
#include <kernel/console.h>
#include <kernel/inspect.h>
#include <kernel/layout.h>
#include <kernel/lend.h>
#include <kernel/sched.h>
#include <kernel/travel.h>

enum status sys_yield(struct thread *thread, struct cap *cap)
{
    sched_yield(thread->core);
    return STATUS_OK;
}

enum status sys_exit(struct thread *thread, struct cap *cap)
{
    struct component *component = thread->component;
    uint64_t code = frame_get(&thread->frame, 0);

    if (code && component->watcher == NULL)
        print("tenon: component %s failed: exit code %lu\n", component->layout->name, code);
    component_end(component, COMPONENT_EXITED, code);
    return STATUS_NONE;
}

enum status sys_ready(struct thread *thread, struct cap *cap)
{
    thread->component->ready = true;
    return STATUS_OK;
}

void component_report_to(struct thread *thread, const struct component *component)
{
    uint64_t out[INSPECT_WORDS];

    component_describe(component, (struct component_report *)out);
    for (unsigned i = 0; i < INSPECT_WORDS; i++)
        frame_set(&thread->frame, 1 + i, out[i]);
}

enum status sys_component_state(struct thread *thread, struct cap *cap)
{
    struct component *component = CONTAINER_OF(cap->object, struct component, head);

    if (component->core != thread->core) {
        frame_set(&thread->frame, 0, STATUS_OK);
        thread->visits = component;
        travel_depart(thread, component->core, ERRAND_STATE);
        return STATUS_NONE;
    }
    component_report_to(thread, component);
    return STATUS_OK;
}

static void stop(struct component *component, uint64_t code)
{
    if (component_is_up(component))
        component_end(component, COMPONENT_STOPPED, code);
    component->state = COMPONENT_STOPPED;
}

// True when the restart is through; the first round may have to end the running generation.
static bool restart(struct component *component)
{
    if (component->state == COMPONENT_RUNNING)
        component_end(component, COMPONENT_STOPPED, 0);
    if (component_is_ending(component))
        return false;
    while (!component_restart_step(component)) {
        if (arch_interrupt_pending() || !copies_are_over(component->core))
            return false;
    }
    return true;
}

static enum status control_status(const struct thread *thread, const struct component *component, uint64_t operation)
{
    if (operation >= COMPONENT_OPS)
        return STATUS_BAD_ARGUMENT;
    // Nobody works on the thing it stands on.
    if (component == thread->component)
        return STATUS_BUSY;
    // Stopping what was given up would let callers queue for it again.
    if (component->state == COMPONENT_DEAD && operation == COMPONENT_OP_STOP)
        return STATUS_BUSY;
    return STATUS_OK;
}

// False when the generation that the call is for is over: somebody else has restarted the component meanwhile, and a call
// that is repeated must not end what it did not find.
static bool is_of_its_generation(struct thread *thread, const struct component *component)
{
    if (frame_get(&thread->frame, 3) == 0)
        frame_set(&thread->frame, 3, component->generation);
    return frame_get(&thread->frame, 3) == component->generation;
}

enum status component_control_step(struct thread *thread, struct component *component)
{
    uint64_t operation = frame_get(&thread->frame, 1);
    enum status status = control_status(thread, component, operation);

    if (status != STATUS_OK || !is_of_its_generation(thread, component))
        return status;
    if (operation == COMPONENT_OP_RESTART)
        return restart(component) ? STATUS_OK : STATUS_REPEAT;
    stop(component, frame_get(&thread->frame, 2));
    // On one core the end is worked through before anybody runs; on several it has a way to go.
    if (core_count > 1 && component_is_ending(component))
        return STATUS_REPEAT;
    if (operation == COMPONENT_OP_GIVE_UP)
        component_give_up(component);
    return STATUS_OK;
}

// Until the result is set x0 is still the slot, so that the call can be repeated.
enum status sys_component_control(struct thread *thread, struct cap *cap)
{
    struct component *component = CONTAINER_OF(cap->object, struct component, head);

    if (component->core != thread->core) {
        thread->visits = component;
        travel_depart(thread, component->core, ERRAND_CONTROL);
        return STATUS_NONE;
    }
    enum status status = component_control_step(thread, component);

    syscall_finish(thread, status);
    if (status == STATUS_REPEAT)
        travel_wait_for_copies(thread->core, thread);
    return STATUS_NONE;
}

// --- Register frames -------------------------------------------------------------------------

// Only a thread that waits for its handler has registers that mean something and stay.
static bool waits_for_handler(const struct thread *target, const struct core *core)
{
    return target->core == core && target->state == THREAD_AWAITING && target->call & CALL_FAULT;
}

enum status sys_frame_read(struct thread *thread, struct cap *cap)
{
    struct thread_registers registers;
    struct thread *target = CONTAINER_OF(cap->object, struct thread, head);

    if (!waits_for_handler(target, thread->core))
        return STATUS_BUSY;
    arch_frame_export(&target->frame, &registers);
    return user_copy(thread->component, frame_get(&thread->frame, 1), &registers, sizeof registers, RIGHT_WRITE);
}

enum status sys_frame_write(struct thread *thread, struct cap *cap)
{
    struct thread_registers registers;
    struct thread *target = CONTAINER_OF(cap->object, struct thread, head);

    if (!waits_for_handler(target, thread->core))
        return STATUS_BUSY;
    enum status status = user_copy(thread->component, frame_get(&thread->frame, 1), &registers, sizeof registers, RIGHT_READ);
    if (status == STATUS_OK)
        arch_frame_import(&target->frame, &registers);
    return status;
}
