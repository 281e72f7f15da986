// Asker: asks the greeter once, says what it answered and turns the machine off.
// SPDX-License-Identifier: BSD-2-Clause

#include <config.h>
#include <glue.h>
#include <tenon/log.h>

static const char *const texts[] = {
    [GREETER_GREETING_GOOD_MORNING] = "good morning",
    [GREETER_GREETING_GOOD_AFTERNOON] = "good afternoon",
    [GREETER_GREETING_GOOD_EVENING] = "good evening",
};

int main(void)
{
    enum greeter_greeting greeting = GREETER_GREETING_GOOD_MORNING;
    enum status status = greeter_greet(CONFIG_HOUR, &greeting);

    if (status == STATUS_OK)
        log_info("at %u o'clock the greeter says: %s", CONFIG_HOUR, texts[greeting]);
    else
        log_error("the greeter does not answer, status %d", (int)status);
    sys_power(SLOT_POWER, POWER_OFF, status != STATUS_OK);
    return 1;
}
