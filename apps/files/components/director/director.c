// Director: turns the machine off when no writer runs any more and no leaver will leave.
// SPDX-License-Identifier: BSD-2-Clause

#include <glue.h>

#include <string.h>

#include <tenon/log.h>
#include <tenon/panic.h>
#include <tenon/time.h>

#include <system_table.h>

#define LAST_WORDS (500 * MILLISECOND)  // for the console's driver, to write down what is on its way

static void read_report(uint32_t instance, struct component_report *report)
{
    if (report_from_result(sys_inspect(SLOT_INSPECT, INSPECT_COMPONENT, instance, 0), report) != STATUS_OK)
        panic("%s cannot be seen", system_instances[instance].name);
}

static bool is_ready(uint32_t instance)
{
    struct component_report report;

    read_report(instance, &report);
    return report_is_ready(&report);
}

// True: none runs; *failed tells whether one ended otherwise than with 0.
static bool writers_have_ended(bool *failed)
{
    *failed = false;
    for (uint32_t i = 0; i < SYSTEM_INSTANCES; i++) {
        struct component_report report;

        if (strcmp(system_instances[i].component, "writer") != 0)
            continue;
        read_report(i, &report);
        if (report_state(&report) == COMPONENT_RUNNING)
            return false;
        *failed |= report_state(&report) != COMPONENT_EXITED || report.fault_address != 0;
    }
    return true;
}

// A leaver is ready in its last life only.
static bool leavers_stay(void)
{
    for (uint32_t i = 0; i < SYSTEM_INSTANCES; i++) {
        if (strcmp(system_instances[i].component, "leaver") == 0 && !is_ready(i))
            return false;
    }
    return true;
}

static void end_if_over(void)
{
    bool failed;

    if (!writers_have_ended(&failed) || (!failed && !leavers_stay()))
        return;
    log_info("%s", failed ? "a writer failed" : "all writers have ended well");
    sleep_on(TIMER(POINT), LAST_WORDS);
    (void)!sys_power(SLOT_POWER, POWER_OFF, failed);
    panic("the machine cannot be turned off");
}

void on_timer_point(void)
{
    // Of a wait that is over.
}

int main(void)
{
    ready();
    for (;;) {
        end_if_over();
        sleep_on(TIMER(POINT), 10 * MILLISECOND);
    }
}
