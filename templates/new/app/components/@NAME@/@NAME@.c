// @TITLE@: says hello and turns the machine off.

#include <config.h>
#include <glue.h>
#include <tenon/log.h>

int main(void)
{
    log_info("hello");
    sys_power(SLOT_POWER, POWER_OFF, 0);
    return 1; // reached only when the call was refused; the run then fails
}
