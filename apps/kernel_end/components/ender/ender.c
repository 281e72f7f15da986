// Ender: resets the machine, or fails.
// SPDX-License-Identifier: BSD-2-Clause

#include <config.h>
#include <glue.h>
#include <tenon/log.h>

#define EXIT_CODE 9

int main(void)
{
    log_info("here");
    if (CONFIG_OPERATION == CONFIG_OPERATION_FAIL)
        return EXIT_CODE;
    sys_power(SLOT_POWER, POWER_RESET, 0);
    log_error("still here");
    return EXIT_CODE;
}
