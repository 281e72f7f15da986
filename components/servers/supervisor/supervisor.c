// Supervisor: hears from the kernel when a child's state changes, and restarts it or gives it up.
//
// A child's state in the kernel is the truth, and it stays readable until somebody acts: a supervisor that starts late, or
// again, looks at all of them and misses nothing.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>

#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#include "policy.h"

static struct policy policies[INSTANCE_CHILDREN + 1];

static const char *const reasons[FAULT_REASONS] = {
    [FAULT_NONE] = "fault",
    [FAULT_READ] = "read fault",
    [FAULT_WRITE] = "write fault",
    [FAULT_EXECUTE] = "execute fault",
    [FAULT_ALIGNMENT] = "alignment fault",
    [FAULT_INSTRUCTION] = "forbidden instruction",
    [FAULT_BREAKPOINT] = "breakpoint",
    [FAULT_FPU] = "floating point without `fpu: true`",
    [FAULT_FOREIGN_CALL] = "foreign system call",
    [FAULT_BUS] = "bus error",
    [FAULT_OTHER] = "unknown exception",
};

static void must(enum status status, const char *what, unsigned child)
{
    if (status != STATUS_OK)
        panic("%s %s: status %d", what, instance_children[child].name, (int)status);
}

static void read_state(unsigned child, struct component_report *report)
{
    must(sys_component_state(instance_children[child].component, report), "reading the state of", child);
}

// One timer for all: it wakes us for whoever is first.
static void set_timer(void)
{
    nanos_t first = 0;

    for (unsigned i = 0; i < instance_child_count; i++) {
        nanos_t next = policy_next(&policies[i]);

        if (next != 0 && (first == 0 || next < first))
            first = next;
    }
    if (sys_timer_set(SLOT_TIMER_WAKE, first) != STATUS_OK)
        panic("the timer cannot be set");
}

static void give_up(unsigned child)
{
    log_error("%s: given up", instance_children[child].name);
    must(sys_component_control(instance_children[child].component, COMPONENT_OP_GIVE_UP, 0), "giving up", child);
}

static void failed(unsigned child, enum policy_cause cause)
{
    policy_failed(&policies[child], &instance_children[child], cause, clock_now());
    if (policies[child].phase == POLICY_GONE)
        give_up(child);
    else
        log_info("%s: restart in %" PRIu64 " ms (%u of %u in %" PRIu64 " ms)", instance_children[child].name,
                 policies[child].backoff / MILLISECOND, policies[child].restarts, instance_children[child].limit,
                 instance_children[child].window / MILLISECOND);
    set_timer();
}

// --- States ------------------------------------------------------------------------------------------

void on_child_changed(unsigned child)
{
    const char *name = instance_children[child].name;
    struct component_report report;

    read_state(child, &report);
    if (policies[child].phase != POLICY_WATCHED)
        return;
    switch (report_state(&report)) {
    case COMPONENT_FAULTED:
        log_warning("%s: %s at 0x%" PRIx64 ", pc 0x%" PRIx64, name,
                    reasons[report_reason(&report) < FAULT_REASONS ? report_reason(&report) : FAULT_OTHER],
                    report.fault_address, report.fault_pc);
        failed(child, POLICY_FAULT);
        break;
    case COMPONENT_EXITED:
        log_warning("%s: exit code %" PRIu64, name, report.fault_address);
        failed(child, POLICY_EXIT);
        break;
    case COMPONENT_DEAD:
        policies[child].phase = POLICY_GONE;
        break;
    default: // RUNNING again
        break;
    }
}

void on_child_pong(unsigned child)
{
    policy_answered(&policies[child]);
}

static void start(unsigned child)
{
    must(sys_component_control(instance_children[child].component, COMPONENT_OP_RESTART, 0), "restarting", child);
    policy_started(&policies[child], &instance_children[child], clock_now());
}

static void stop_hung(unsigned child)
{
    log_warning("%s: no answer within %" PRIu64 " ms", instance_children[child].name,
                instance_children[child].heartbeat / MILLISECOND);
    must(sys_component_control(instance_children[child].component, COMPONENT_OP_STOP, 0), "stopping", child);
    failed(child, POLICY_HANG);
}

static void act(unsigned child)
{
    struct component_report report;

    read_state(child, &report);
    switch (policy_due(&policies[child], &instance_children[child], report_is_ready(&report), clock_now())) {
    case POLICY_NOTHING: break;
    case POLICY_START: start(child); break;
    case POLICY_PING: sys_signal(instance_children[child].ping); break;
    case POLICY_HUNG: stop_hung(child); break;
    }
}

void on_timer_wake(void)
{
    for (unsigned i = 0; i < instance_child_count; i++)
        act(i);
    set_timer();
}

// --- The interface Supervisor --------------------------------------------------------------------------

enum status control_kill(const struct call *call, const char *name)
{
    (void)call;
    for (unsigned i = 0; i < instance_child_count; i++) {
        if (strcmp(instance_children[i].name, name) != 0)
            continue;
        if (policies[i].phase == POLICY_GONE)
            return SUPERVISOR_ERROR_GONE;
        if (policies[i].phase == POLICY_WATCHED) {
            policy_killed(&policies[i], &instance_children[i], clock_now());
            must(sys_component_control(instance_children[i].component, COMPONENT_OP_STOP, 0), "stopping", i);
            set_timer();
        }
        return STATUS_OK;
    }
    return SUPERVISOR_ERROR_UNKNOWN;
}

int main(void)
{
    for (unsigned i = 0; i < instance_child_count; i++) {
        if (instance_children[i].limit > POLICY_LIMIT_MAX)
            log_warning("%s: limit %u counts as %u", instance_children[i].name, instance_children[i].limit,
                        POLICY_LIMIT_MAX);
        policy_started(&policies[i], &instance_children[i], clock_now());
    }
    for (unsigned i = 0; i < instance_child_count; i++)
        on_child_changed(i); // those that ended before we began
    set_timer();
    event_loop_run();
}
