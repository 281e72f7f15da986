// Component: address space, capability table, threads. One way to end (fault, exit, stop), one way to start.
//
// An end freezes the threads at once; the rest is worked through in bounded steps before any thread runs again
// (component_end_step), so user space never sees half an end. A restart is driven by the supervisor's system call,
// which the kernel repeats between steps, so that higher priorities can run.
// Invariant: while a component is not RUNNING, none of its threads is in any queue.
// SPDX-License-Identifier: BSD-2-Clause
#include <kernel/component.h>

#include <arch/cpu.h>
#include <arch/ports.h>
#include <arch/mmu.h>
#include <kernel/cap.h>
#include <kernel/console.h>
#include <kernel/endpoint.h>
#include <kernel/interrupt.h>
#include <kernel/layout.h>
#include <kernel/lend.h>
#include <kernel/mailbox.h>
#include <kernel/notification.h>
#include <kernel/panic.h>
#include <kernel/pool.h>
#include <kernel/sched.h>
#include <kernel/timer.h>
#include <kernel/travel.h>

// What one step looks at or copies with interrupts off.
#define THREADS_PER_STEP 64
#define SLOTS_PER_STEP 64

// --- Starting --------------------------------------------------------------------------------

static void init_thread(struct component *component, uint32_t index)
{
    const struct layout_thread *described = &layout_threads[index];
    struct thread *thread = &threads[index];

    thread->core = component->core;
    thread->id = (uint16_t)(index + 1);
    thread->token = thread->id;
    thread_table[thread->id] = thread;
    thread->priority = described->priority;
    thread->reflect = described->reflect;
    thread->handler = described->handler;
    thread->handler_badge = described->handler_badge;
    thread->entry = described->entry;
    thread->stack = described->stack_top;
    thread->argument = described->argument;
    thread_allow_fast_path(thread);
    thread->sibling = component->threads;
    component->threads = thread;
}

void component_init(struct component *component)
{
    const struct layout_component *layout = &layout_components[component - components];

    component->layout = layout;
    component->core = &cores[layout->core];
    component->account = &component->sched_context;
    component->watcher = layout->supervisor;
    component->watch_bits = layout->supervisor_bit;
    sched_context_init(&component->sched_context, layout->budget, layout->period);
    sched_context_init(&component->reserve, layout->reserve, layout->period);
    arch_vspace_init(&component->vspace, layout->tables, layout->table_count, layout->asid);
    user_forget(component);
    for (uint32_t i = 0; i < layout->mapping_count; i++) {
        const struct layout_mapping *mapping = &layout_mappings[layout->mapping_first + i];
        const struct region *region = &regions[mapping->region];

        for (uint64_t offset = 0; offset < region->bytes; offset += PAGE_SIZE) {
            enum status status = arch_map(&component->vspace, mapping->address + offset, region->base + offset, mapping->rights,
                                          region->attribute);

            if (status != STATUS_OK)
                panic("layout: %s: mapping %u fails with status %u", layout->name, i, (unsigned)status);
        }
    }
    // Backwards, so that the list has the layout's order.
    for (uint32_t i = layout->thread_count; i-- > 0;)
        init_thread(component, layout->thread_first + i);
}

static void go(struct component *component)
{
    component->step = STEP_NONE;
    component->state = COMPONENT_RUNNING;
    component->ready = false;
    component->fault_reason = FAULT_NONE;
    component->generation++;
    for (struct thread *thread = component->threads; thread; thread = thread->sibling) {
        arch_fpu_forget(component->core, thread);
        arch_frame_start(&thread->frame, thread->entry, thread->stack, thread->argument);
        thread->sched_context = component->account;
        thread->charge = NULL;
        thread->fault_reason = FAULT_NONE;
        sched_ready(thread);
    }
}

// Puts one page of an initialised mapping back to its image state. False when the mapping is done.
static bool initialise_page(const struct layout_mapping *mapping, uint64_t offset)
{
    const struct region *region = &regions[mapping->region];

    if (!mapping->initialise || offset >= region->bytes)
        return false;
    char *page = arch_physical(region->base + offset);
    uint64_t initial = mapping->initial_bytes > offset ? mapping->initial_bytes - offset : 0;

    if (initial > PAGE_SIZE)
        initial = PAGE_SIZE;
    if (initial)
        __builtin_memcpy(page, (const char *)mapping->initial + offset, initial);
    __builtin_memset(page + initial, 0, PAGE_SIZE - initial);
    return true;
}

// One page. True when all memory is done.
static bool memory_step(struct component *component)
{
    const struct layout_component *layout = component->layout;

    if (component->step_index >= layout->mapping_count)
        return true;
    const struct layout_mapping *mapping = &layout_mappings[layout->mapping_first + component->step_index];

    if (initialise_page(mapping, component->step_offset)) {
        component->step_offset += PAGE_SIZE;
    } else {
        component->step_index++;
        component->step_offset = 0;
    }
    return false;
}

static void begin_memory(struct component *component)
{
    component->step = STEP_MEMORY;
    component->step_index = 0;
    component->step_offset = 0;
}

void component_start(struct component *component)
{
    begin_memory(component);
    while (!memory_step(component))
        ;
    go(component);
}

bool component_restart_step(struct component *component)
{
    if (component->step == STEP_NONE) {
        component->step = STEP_RESET;
        component->state = COMPONENT_RESTARTING;
    }
    if (component->step == STEP_RESET) {
        if (pool_reset_step(component))
            begin_memory(component);
        return false;
    }
    if (!memory_step(component))
        return false;
    go(component);
    return true;
}

// --- Ending ----------------------------------------------------------------------------------

// Part of the system as described, not made at run time by another component.
static bool is_described(const struct component *component)
{
    return component->pool == NULL || component->pool->owner == component;
}

// A maker that has ended itself meanwhile is told nothing: it would be the next one that hears of it.
static void tell_supervisor(const struct component *component)
{
    if (component->watcher && (is_described(component) || component->pool->owner->state == COMPONENT_RUNNING))
        notification_send(component->watcher, component->watch_bits);
}

static void freeze_threads(struct component *component)
{
    for (struct thread *thread = component->threads; thread; thread = thread->sibling) {
        if (thread->core != component->core)
            continue; // it comes home first
        sched_remove(thread);
        if (thread->call & CALL_LENT_ON)
            component->abroad--; // its end passes every core anyway
        endpoint_forget_call(thread);
        thread->state = THREAD_INACTIVE;
    }
}

// Its threads that wait on this core, which is not their home, go home.
static void recall_threads(const struct core *core, const struct component *component)
{
    for (struct thread *thread = component->threads; thread; thread = thread->sibling) {
        uint8_t call = thread->call;

        if (thread->core != core)
            continue;
        sched_remove(thread);
        endpoint_forget_call(thread);
        travel_resume(thread, call | CALL_FOREIGN);
    }
}

// Devices stop before anything else can happen to the memory they write.
static void quiesce(const struct component *component)
{
    const struct layout_component *layout = component->layout;

    for (uint32_t i = 0; i < layout->interrupt_count; i++)
        interrupt_quiesce(&interrupts[layout->interrupt_first + i]);
    for (uint32_t i = 0; i < layout->quiesce_count; i++) {
        const struct layout_quiesce *write = &layout_quiesce[layout->quiesce_first + i];

        if (write->ports == NULL)
            arch_device_write((char *)regions[write->region].device + write->offset, write->value, write->width);
        else if (arch_ports_write(write->ports, write->offset, write->width, (uint32_t)write->value) != STATUS_OK)
            panic("layout: the ports of %s are not there", layout->name);
    }
    for (uint32_t i = 0; i < layout->timer_count; i++)
        timer_cancel(component->core, &timers[layout->timer_first + i]);
    component->core->rearm = true;
}

static void forget_events(const struct component *component)
{
    for (struct thread *thread = component->threads; thread; thread = thread->sibling) {
        notification_take(thread->notification);
        if (thread->receives)
            endpoint_forget_gone(thread->receives);
    }
}

static void push_ending(struct core *core, struct component *component)
{
    component->next_ending = core->ending;
    core->ending = component;
}

static void begin_caps(struct component *component)
{
    component->step = STEP_CAPS;
    component->step_index = SLOT_FIRST;
}

void component_end(struct component *component, enum component_state state, uint64_t code)
{
    struct core *core = component->core;

    if (state != COMPONENT_FAULTED) {
        component->fault_reason = FAULT_NONE;
        component->fault_address = code;
    }
    component->state = (uint8_t)state;
    component->ready = false;
    freeze_threads(component);
    quiesce(component);
    component->step = STEP_CALLERS;
    component->step_index = 1; // thread_table[0] is no thread
    push_ending(core, component);
}

// Ends the calls the component was working on. True when all threads were looked at.
static bool callers_step(const struct core *core, struct component *component)
{
    uint32_t end = component->step_index + THREADS_PER_STEP;

    if (end > thread_table_count)
        end = thread_table_count;
    for (; component->step_index < end; component->step_index++) {
        struct thread *caller = thread_table[component->step_index];

        if (caller && caller->core == core && caller->state == THREAD_AWAITING && caller->server == component)
            endpoint_end_call(caller, STATUS_PEER_DIED);
    }
    return component->step_index >= thread_table_count;
}

static void tell_server(const struct core *core, struct component *component, uint32_t slot)
{
    // Endpoints made at run time come and go on their own core, and only that one looks at them.
    uint8_t right = core == component->core ? RIGHT_CALL : RIGHT_CALL_ACROSS;
    struct cap *cap;

    if (cap_find(component, slot, CAP_ENDPOINT, right, &cap) != STATUS_OK)
        return;
    struct endpoint *endpoint = CONTAINER_OF(cap->object, struct endpoint, head);

    if (endpoint->receiver->component->core == core)
        endpoint_client_gone(endpoint, cap->badge);
}

// Tells the servers on this core that it could call. At home, where this comes last, the table is emptied as well. True when
// the whole table was looked at.
static bool caps_step(const struct core *core, struct component *component)
{
    uint32_t end = component->step_index + SLOTS_PER_STEP;

    if (end > component->cap_count)
        end = component->cap_count;
    for (uint32_t slot = component->step_index; slot < end; slot++)
        tell_server(core, component, slot);
    if (core == component->core)
        cap_clear_dynamic(component, component->step_index, end);
    component->step_index = end;
    return end >= component->cap_count;
}

// --- An end on several cores -------------------------------------------------------------------

// It goes round all cores and comes back. Its state is nobody else's meanwhile: threads and table stay as they are.
static void go_on_abroad(struct core *core, struct component *component)
{
    core->ending = component->next_ending;
    component->step = STEP_ABROAD;
    component->step_index = SLOT_FIRST;
    mailbox_post(&cores[(core->index + 1) % core_count], &component->mail, MAIL_COMPONENT);
}

void component_arrive(struct core *core, struct component *component)
{
    if (core == component->core) {
        component->step = STEP_GATHER;
        component_gather(component);
    } else {
        recall_threads(core, component);
        push_ending(core, component);
    }
}

void component_gather(struct component *component)
{
    if (component->step != STEP_GATHER || component->abroad)
        return;
    begin_caps(component);
    push_ending(component->core, component);
}

static void flush_queues(const struct component *component)
{
    for (struct thread *thread = component->threads; thread; thread = thread->sibling) {
        if (thread->receives)
            endpoint_flush(thread->receives, STATUS_PEER_GONE);
    }
}

static void finish_end(struct core *core, struct component *component)
{
    core->ending = component->next_ending;
    component->step = STEP_NONE;
    forget_events(component); // now, since its own end and that of what it made were events to it as well
    if (!component_is_served(component)) {
        flush_queues(component);
        bool failed = component->state == COMPONENT_FAULTED || component->fault_address != 0;

        // One with a supervisor is that one's concern, also when it gives it up.
        if (failed && component->watcher == NULL && is_described(component))
            system_fail(layout_failure.on_component_dead);
    }
    tell_supervisor(component);
}

void component_end_step(struct core *core)
{
    struct component *component = core->ending;

    switch (component->step) {
    case STEP_CALLERS:
        // Calls that were faults end others, and those ends come first.
        if (!callers_step(core, component) || core->ending != component)
            break;
        if (core_count > 1)
            go_on_abroad(core, component);
        else
            begin_caps(component);
        break;
    case STEP_ABROAD:
        if (caps_step(core, component))
            go_on_abroad(core, component);
        break;
    case STEP_CAPS:
        if (caps_step(core, component))
            component->step = STEP_POOL;
        break;
    default:
        if (pool_end_step(component))
            finish_end(core, component);
        break;
    }
}

void component_give_up(struct component *component)
{
    component->state = COMPONENT_DEAD;
    flush_queues(component);
}

// --- Faults ----------------------------------------------------------------------------------

void component_fail_thread(struct thread *thread)
{
    struct component *component = thread->component;

    component->fault_reason = thread->fault_reason;
    component->fault_address = thread->fault_address;
    component->fault_pc = thread->frame.pc;
    component->fault_frame = frame_pointer(&thread->frame);
    // A supervisor that is told needs no text; printing takes longer than the restart.
    if (layout_build_debug || component->watcher == NULL)
        console_report_fault(component, thread);
    component_end(component, COMPONENT_FAULTED, 0);
}

void thread_fault(struct core *core, struct thread *thread, enum fault_reason reason, uint64_t address,
                  uint64_t detail)
{
    const struct endpoint *handler = thread->handler;

    thread->fault_reason = (uint8_t)reason;
    thread->fault_address = address;
    thread->fault_detail = detail;
    // Whether one on another core is there only that core can tell.
    if (handler && (handler->receiver->component->core != core || component_is_served(handler->receiver->component)))
        endpoint_send_fault(core, thread);
    else
        component_fail_thread(thread);
}

void component_describe(const struct component *component, struct component_report *report)
{
    *report = (struct component_report){
        .state = component->state | (uint64_t)component->ready << 8 | (uint64_t)component->fault_reason << 16,
        .fault_address = component->fault_address,
        .fault_pc = component->fault_pc,
        .generation = component->generation,
        .run_time = component->sched_context.run_time,
        .fault_frame = component->fault_frame,
    };
}
