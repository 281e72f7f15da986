// Finish: the end of the tests. The exit code is one that nothing else gives.
// SPDX-License-Identifier: BSD-2-Clause

#include "../test.h"

#define EXIT_CODE 42

int main(void)
{
    check_equal("power_off_refuses_an_exit_code_above_255", sys_power(SLOT_POWER, POWER_OFF, 256),
                STATUS_BAD_ARGUMENT);
    check_equal("power_refuses_an_unknown_operation", sys_power(SLOT_POWER, POWER_OPS, 0),
                STATUS_BAD_ARGUMENT);
    say("done %s\n", INSTANCE_NAME);
    sys_power(SLOT_POWER, POWER_OFF, EXIT_CODE);
    return 1;
}
