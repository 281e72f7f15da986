// Greeter: knows which greeting suits the hour.
// SPDX-License-Identifier: BSD-2-Clause

#include <config.h>
#include <glue.h>
#include <tenon/event_loop.h>
#include <tenon/panic.h>

enum status greetings_greet(const struct call *call, uint8_t hour, enum greeter_greeting *greeting)
{
    (void)call;
    if (CONFIG_FAIL)
        panic("asked to fail");
    if (hour > 23)
        return GREETER_ERROR_NO_SUCH_HOUR;
    if (hour < 12)
        *greeting = GREETER_GREETING_GOOD_MORNING;
    else if (hour < 18)
        *greeting = GREETER_GREETING_GOOD_AFTERNOON;
    else
        *greeting = GREETER_GREETING_GOOD_EVENING;
    return STATUS_OK;
}

int main(void)
{
    event_loop_run();
}
