// Supervisor: hears from the kernel when a child's state changes, and restarts it or gives it up.
//
// A child's state in the kernel is the truth, and it stays readable until somebody acts: a supervisor that
// starts late, or again, looks at all of them and misses nothing. What is decided about an end is kept
// before it is done, so that the next life finishes it.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <inttypes.h>

#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#include "kept.h"
#include "policy.h"

#define EXIT_ESCALATED 1  // not 0: `on_failure: component_dead` is about other codes

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
    must(sys_component_control(instance_children[child].component, COMPONENT_OP_GIVE_UP, 0), "giving up",
         child);
}

static void keep(unsigned child, uint64_t generation)
{
    policies[child].generation = generation;
    kept_save(child, &policies[child]);
}

static void stop(unsigned child)
{
    must(sys_component_control(instance_children[child].component, COMPONENT_OP_STOP, 0), "stopping", child);
}

// What is kept lets the next life start the child again.
static noreturn void escalate(unsigned child, uint64_t generation)
{
    policy_escalated(&policies[child], &instance_children[child], clock_now());
    keep(child, generation);
    give_up(child);
    log_error("its supervisor ends as well");
    sys_exit(EXIT_ESCALATED);
}

static void log_restart(unsigned child)
{
    const struct instance_child *is = &instance_children[child];
    uint64_t backoff = policies[child].backoff / MILLISECOND, window = is->window / MILLISECOND;
    unsigned restarts = policies[child].restarts;

    if (is->limit == 0)
        log_info("%s: restart in %" PRIu64 " ms (%u in %" PRIu64 " ms)", is->name, backoff, restarts, window);
    else
        log_info("%s: restart in %" PRIu64 " ms (%u of %u in %" PRIu64 " ms)", is->name, backoff, restarts,
                 is->limit, window);
}

static void failed(unsigned child, enum supervisor_cause cause, uint64_t detail, uint64_t generation)
{
    policy_failed(&policies[child], &instance_children[child], cause, detail, clock_now());
    if (policies[child].phase == POLICY_GONE && instance_children[child].escalate)
        escalate(child, generation);
    keep(child, generation);
    if (policies[child].phase == POLICY_GONE) {
        give_up(child);
    } else {
        log_restart(child);
        if (cause == SUPERVISOR_CAUSE_HANG)
            stop(child);
    }
    set_timer();
}

static void killed(unsigned child, uint64_t generation)
{
    policy_killed(&policies[child], &instance_children[child], clock_now());
    keep(child, generation);
    set_timer();
}

// --- States ------------------------------------------------------------------------------------------

static void exited(unsigned child, uint64_t code, uint64_t generation)
{
    const char *name = instance_children[child].name;

    if (code == REFUSE_EXIT_CODE)
        log_warning("%s: refuses to go on", name);
    else
        log_warning("%s: exit code %" PRIu64, name, code);
    failed(child, code == REFUSE_EXIT_CODE ? SUPERVISOR_CAUSE_REFUSED : SUPERVISOR_CAUSE_EXIT, code,
           generation);
}

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
        failed(child, SUPERVISOR_CAUSE_FAULT, report_reason(&report), report.generation);
        break;
    case COMPONENT_EXITED: exited(child, report.fault_address, report.generation); break;
    case COMPONENT_DEAD: policies[child].phase = POLICY_GONE; break;
    case COMPONENT_STOPPED:
    case COMPONENT_RESTARTING:  // by a former life that could keep nothing
        killed(child, report.generation);
        break;
    default:  // RUNNING again
        break;
    }
}

void on_child_pong(unsigned child)
{
    policy_answered(&policies[child]);
}

static void start(unsigned child)
{
    must(sys_component_control(instance_children[child].component, COMPONENT_OP_RESTART, 0), "restarting",
         child);
    policy_started(&policies[child], &instance_children[child], clock_now());
}

static void stop_hung(unsigned child, uint64_t generation)
{
    log_warning("%s: no answer within %" PRIu64 " ms", instance_children[child].name,
                instance_children[child].heartbeat / MILLISECOND);
    failed(child, SUPERVISOR_CAUSE_HANG, 0, generation);
}

static void act(unsigned child)
{
    struct component_report report;

    read_state(child, &report);
    switch (policy_due(&policies[child], &instance_children[child], report_is_ready(&report), clock_now())) {
    case POLICY_NOTHING: break;
    case POLICY_START: start(child); break;
    case POLICY_PING: sys_signal(instance_children[child].ping); break;
    case POLICY_HUNG: stop_hung(child, report.generation); break;
    }
}

void on_timer_wake(void)
{
    for (unsigned i = 0; i < instance_child_count; i++)
        act(i);
    set_timer();
}

// --- The interface Supervisor --------------------------------------------------------------------------

// instance_child_count: none of them.
static unsigned child_named(const char *name)
{
    unsigned child = 0;

    while (child < instance_child_count && strcmp(instance_children[child].name, name) != 0)
        child++;
    return child;
}

enum status control_kill(const struct call *call, const char *name)
{
    unsigned child = child_named(name);

    (void)call;
    if (child == instance_child_count)
        return SUPERVISOR_ERROR_UNKNOWN;
    if (policies[child].phase == POLICY_GONE)
        return SUPERVISOR_ERROR_GONE;
    if (policies[child].phase == POLICY_WATCHED) {
        struct component_report report;

        read_state(child, &report);
        killed(child, report.generation);
        stop(child);
    }
    return STATUS_OK;
}

enum status control_history(const struct call *call, const char *name, enum supervisor_cause *cause,
                            uint64_t *detail, uint64_t *failures, uint32_t *recent, bool *given_up)
{
    unsigned child = child_named(name);

    (void)call;
    if (child == instance_child_count)
        return SUPERVISOR_ERROR_UNKNOWN;
    struct policy *policy = &policies[child];

    *cause = policy->cause;
    *detail = policy->detail;
    *failures = policy->failures;
    *recent = policy_recent(policy, &instance_children[child], clock_now());
    *given_up = policy->phase == POLICY_GONE;
    return STATUS_OK;
}

// Finishes what a former life decided, and then looks what happened meanwhile.
static void resume(unsigned child)
{
    struct policy *policy = &policies[child];
    struct component_report report;
    nanos_t now = clock_now();

    read_state(child, &report);
    bool runs = report_state(&report) == COMPONENT_RUNNING;

    kept_load(child, policy, now);
    policy_resumed(policy, &instance_children[child], runs, report.generation, now);
    if (policy->phase == POLICY_GONE && report_state(&report) != COMPONENT_DEAD)
        give_up(child);
    else if (policy->phase == POLICY_WAITING && runs)
        stop(child);
    on_child_changed(child);
}

int main(void)
{
    for (unsigned i = 0; i < instance_child_count; i++) {
        if (instance_children[i].limit > POLICY_LIMIT_MAX)
            log_warning("%s: limit %u counts as %u", instance_children[i].name, instance_children[i].limit,
                        POLICY_LIMIT_MAX);
        resume(i);
    }
    set_timer();
    event_loop_run();
}
