// Travelling threads. From the moment it departs, a thread's state belongs to the core it goes to: there it stands in
// queues, is timed out and answered like any other, but never runs; whoever ends its errand sends it home.
// `abroad` of its component counts the threads that are away, so that an end can wait for them.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/travel.h>

#include <kernel/cap.h>
#include <kernel/component.h>
#include <kernel/endpoint.h>
#include <kernel/layout.h>
#include <kernel/mailbox.h>
#include <kernel/sched.h>

static void go(struct thread *thread, struct core *to, enum errand errand)
{
    thread->errand = (uint8_t)errand;
    thread->state = THREAD_AWAY;
    thread->server = NULL; // no core takes it for a caller it serves
    thread->core = NULL;
    mailbox_post(to, &thread->mail, MAIL_THREAD);
}

void travel_depart(struct thread *thread, struct core *to, enum errand errand)
{
    sched_remove(thread);
    thread->component->abroad++;
    go(thread, to, errand);
}

static struct core *next_core(const struct core *core)
{
    return &cores[(core->index + 1) % core_count];
}

static void begin_round(struct thread *thread)
{
    struct core *from = thread->core;

    thread->hops = (uint16_t)core_count;
    thread->unmaps = from->unmaps;
    go(thread, next_core(from), ERRAND_ROUND);
}

void travel_wait_for_copies(struct core *core, struct thread *thread)
{
    if (copies_are_over(core))
        return;
    sched_remove(thread);
    if (!thread_is_visitor(thread))
        thread->component->abroad++;
    begin_round(thread);
}

void travel_home(struct thread *thread)
{
    go(thread, thread->component->core, ERRAND_RETURN);
}

void travel_resume(struct thread *thread, uint8_t call)
{
    if (LIKELY(!(call & (CALL_FOREIGN | CALL_LENT_ON))))
        sched_ready(thread);
    else if (call & CALL_LENT_ON)
        begin_round(thread);
    else
        travel_home(thread);
}

void travel_fail(struct thread *thread)
{
    if (thread_is_visitor(thread))
        go(thread, thread->component->core, ERRAND_FAIL);
    else
        component_fail_thread(thread);
}

// The capability that came with a reply is installed where the table is at home.
static void unpack(struct thread *thread)
{
    if (thread->carried.object == NULL)
        return;
    frame_set(&thread->frame, FRAME_WORD + CAP_WORD, cap_install(thread->component, &thread->carried));
    thread->carried.object = NULL;
}

static void come_home(struct thread *thread)
{
    struct component *component = thread->component;

    component->abroad--;
    thread->state = THREAD_INACTIVE;
    thread->visits = NULL;
    if (!component_is_up(component)) {
        thread->carried.object = NULL;
        component_gather(component);
        return;
    }
    unpack(thread);
    if (thread->errand == ERRAND_FAIL)
        component_fail_thread(thread);
    else
        sched_ready(thread);
}

static void pass_by(struct core *core, struct thread *thread)
{
    if (--thread->hops) {
        go(thread, next_core(core), ERRAND_ROUND);
        return;
    }
    if (core->passed < thread->unmaps)
        core->passed = thread->unmaps;
    // If the end of its component has been here, that is known here.
    if (!thread_is_visitor(thread))
        come_home(thread);
    else if (thread->visits && component_is_up(thread->component))
        sched_ready(thread);
    else
        travel_home(thread);
}

void travel_arrive(struct core *core, struct thread *thread)
{
    thread->core = core;
    switch (thread->errand) {
    case ERRAND_CALL: endpoint_arrive(core, thread); break;
    case ERRAND_CONTROL: sched_ready(thread); break; // sched_leave() puts it to work when its turn comes
    case ERRAND_STATE:
        component_report_to(thread, thread->visits);
        travel_home(thread);
        break;
    case ERRAND_ROUND: pass_by(core, thread); break;
    default: come_home(thread); break;
    }
}
