// The commands that show the running system: ps, top, caps.
// SPDX-License-Identifier: BSD-2-Clause

#include "commands.h"

#include <glue.h>

#include <inttypes.h>

#include <system_table.h>

#include "say.h"

static const char *const state_names[] = {
    [COMPONENT_STOPPED] = "stopped", [COMPONENT_RUNNING] = "running",       [COMPONENT_FAULTED] = "faulted",
    [COMPONENT_EXITED] = "exited",   [COMPONENT_RESTARTING] = "restarting", [COMPONENT_DEAD] = "dead",
};
#define STATES (sizeof state_names / sizeof state_names[0])

static const char *const type_names[CAP_TYPES] = {
    [CAP_NONE] = "none",           [CAP_ENDPOINT] = "endpoint", [CAP_NOTIFICATION] = "notification",
    [CAP_COMPONENT] = "component", [CAP_THREAD] = "thread",     [CAP_REGION] = "region",
    [CAP_INTERRUPT] = "interrupt", [CAP_TIMER] = "timer",       [CAP_CLOCK] = "clock",
    [CAP_ENTROPY] = "entropy",     [CAP_CONSOLE] = "console",   [CAP_POWER] = "power",
    [CAP_INSPECT] = "inspect",     [CAP_POOL] = "pool",     [CAP_PORTS] = "ports",
};

static bool look_at(unsigned index, struct component_report *report)
{
    return report_from_result(sys_inspect(SLOT_INSPECT, INSPECT_COMPONENT, index, 0), report) == STATUS_OK;
}

static const char *state_name(const struct component_report *report)
{
    return report_state(report) < STATES ? state_names[report_state(report)] : "?";
}

void command_ps(unsigned count, char *const words[])
{
    (void)count;
    (void)words;
    say("%-12s %-12s %-10s %-6s %10s %8s\n", "instance", "component", "state", "ready", "generation", "restarts");
    for (unsigned i = 0; i < SYSTEM_INSTANCES; i++) {
        struct component_report report;

        if (look_at(i, &report))
            say("%-12s %-12s %-10s %-6s %10" PRIu64 " %8" PRIu64 "\n", system_instances[i].name,
                system_instances[i].component, state_name(&report), report_is_ready(&report) ? "yes" : "no",
                report.generation, report.generation - 1);
    }
}

// --- top -----------------------------------------------------------------------------------------------

static uint64_t last_run[SYSTEM_INSTANCES], last_idle, last_now;

// Parts of a thousand, so that one decimal can be shown without floating point.
static void say_share(const char *name, uint64_t part, uint64_t whole)
{
    uint64_t thousandths = whole == 0 ? 0 : part / (whole / 1000 + 1);

    say("%-12s %3" PRIu64 ".%" PRIu64 " %%  %10" PRIu64 " us\n", name, thousandths / 10, thousandths % 10, part / 1000);
}

void command_top(unsigned count, char *const words[])
{
    struct sys_result system = sys_inspect(SLOT_INSPECT, INSPECT_SYSTEM, 0, 0);
    uint64_t now = system.values[3], idle = system.values[4], elapsed = now - last_now;

    (void)count;
    (void)words;
    say("in %" PRIu64 " ms:\n", elapsed / 1000000);
    for (unsigned i = 0; i < SYSTEM_INSTANCES; i++) {
        struct component_report report;

        if (!look_at(i, &report))
            continue;
        say_share(system_instances[i].name, report.run_time - last_run[i], elapsed);
        last_run[i] = report.run_time;
    }
    say_share("(idle)", idle - last_idle, elapsed);
    last_idle = idle;
    last_now = now;
}

// --- caps ----------------------------------------------------------------------------------------------

static void rights_text(unsigned rights, char text[9])
{
    static const char letters[] = "rwxcogdv"; // read write execute call cOntrol grant dma reVoke
    unsigned length = 0;

    for (unsigned i = 0; i < 8; i++) {
        if (rights >> i & 1)
            text[length++] = letters[i];
    }
    text[length] = 0;
}

static void say_cap(unsigned index, uint64_t slot, const struct sys_result *cap)
{
    const struct system_instance *instance = &system_instances[index];
    unsigned type = cap->values[0] & 0xff;
    char rights[9];

    rights_text(cap->values[0] >> 8 & 0xff, rights);
    say("%4" PRIu64 "  %-24s %-12s %-8s %8" PRIx64 "  %" PRIu64 "\n", slot,
        slot - SLOT_FIRST < instance->slot_count ? instance->slots[slot - SLOT_FIRST] : "(dynamic)",
        type < CAP_TYPES ? type_names[type] : "?", rights, cap->values[1], cap->values[2]);
}

static void say_caps(unsigned index)
{
    uint64_t slots = SLOT_FIRST + 1;

    say("%4s  %-24s %-12s %-8s %8s  %s\n", "slot", "name", "type", "rights", "badge", "object");
    for (uint64_t slot = SLOT_FIRST; slot < slots; slot++) {
        struct sys_result cap = sys_inspect(SLOT_INSPECT, INSPECT_CAP, index, slot);

        if (cap.status != STATUS_OK)
            return;
        slots = cap.values[3];
        if ((cap.values[0] & 0xff) != CAP_NONE)
            say_cap(index, slot, &cap);
    }
}

void command_caps(unsigned count, char *const words[])
{
    (void)count;
    for (unsigned i = 0; i < SYSTEM_INSTANCES; i++) {
        if (strcmp(system_instances[i].name, words[1]) == 0) {
            say_caps(i);
            return;
        }
    }
    say("caps: no instance `%s`; see `ps`\n", words[1]);
}
