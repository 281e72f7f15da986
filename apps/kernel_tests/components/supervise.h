// What a supervising subject asks about its children.
// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "test.h"

// The event loop's handlers; the subjects read the bits and the states themselves.
#define NO_SUPERVISION                    \
    void on_child_changed(unsigned child) \
    {                                     \
        (void)child;                      \
    }

UNUSED static struct component_report state_of(slot_t child)
{
    struct component_report report;

    if (sys_component_state(child, &report) != STATUS_OK)
        report = (struct component_report){.state = 0xff};
    return report;
}

UNUSED static enum component_state child_state(slot_t child)
{
    struct component_report report = state_of(child);

    return report_state(&report);
}

UNUSED static enum fault_reason child_reason(slot_t child)
{
    struct component_report report = state_of(child);

    return report_reason(&report);
}

UNUSED static enum status restart_child(slot_t child)
{
    return sys_component_control(child, COMPONENT_OP_RESTART, 0);
}
