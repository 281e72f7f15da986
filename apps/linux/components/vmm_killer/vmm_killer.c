// Ends the VMM once.
// SPDX-License-Identifier: BSD-2-Clause

#include <config.h>
#include <glue.h>
#include <tenon/event_loop.h>

void on_timer_kill(void)
{
    (void)control_kill("vmm");
}

int main(void)
{
    sys_timer_set(SLOT_TIMER_KILL, sys_clock(SLOT_CLOCK) + CONFIG_AFTER);
    event_loop_run();
}
